#!/bin/bash
# usage: session.sh COMMAND...
#
# Runs the command in a home, on an X server and on a session bus of its own, in surroundings that
# make a window the same on every machine. All of it is gone afterwards. Each UI test is started by
# it, so that `meson test` needs nothing around it.
#
# KEYRING=1 adds a Secret Service with an unlocked, empty keyring.
set -u

place=$(mktemp -d --tmpdir retainer-session.XXXXXX)
trap 'rm -rf "$place"' EXIT
mkdir -p "$place"/{home,run,config/gtk-4.0,data,cache,state}
chmod 700 "$place/run"
printf '%s\n' '[Settings]' gtk-enable-animations=0 gtk-cursor-blink=0 \
  > "$place/config/gtk-4.0/settings.ini"

unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY DISPLAY LC_ALL GTK_THEME STRIPE_API_KEY
export HOME=$place/home XDG_RUNTIME_DIR=$place/run XDG_CONFIG_HOME=$place/config \
  XDG_DATA_HOME=$place/data XDG_CACHE_HOME=$place/cache XDG_STATE_HOME=$place/state
export LANG=${SESSION_LANG:-C.UTF-8} TZ=UTC GDK_BACKEND=x11 GSK_RENDERER=cairo GIO_USE_VFS=local \
  GSETTINGS_BACKEND=memory GIO_USE_PROXY_RESOLVER=dummy ADW_DISABLE_PORTAL=1
# No GL at all: a quarter of the memory, and Mesa's threads deadlock under the sanitizers. The
# first is read by GTK 4.8, the second by newer ones.
export GDK_DEBUG=${GDK_DEBUG:-gl-disable} GDK_DISABLE=gl

if [ "${KEYRING:-}" = 1 ]; then
  set -- sh -c 'printf test | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
    exec "$@"' sh "$@"
fi
timeout --foreground --kill-after=10 "${SESSION_SECONDS:-300}" \
  xvfb-run --auto-servernum --server-args='-screen 0 1280x900x24 -nolisten tcp' \
  dbus-run-session -- "$@"
