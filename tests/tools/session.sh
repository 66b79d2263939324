#!/bin/bash
# usage: session.sh COMMAND...
#
# Runs the command in a home, on an X server and on a session bus of its own, in surroundings that
# make a window the same on every machine. Each UI test is started by it, so that `meson test` needs
# nothing around it. SESSION_PLACE=FOLDER keeps the home there, for a second session on it;
# SESSION_KEYRING=1 adds a Secret Service with an unlocked, empty keyring; SESSION_LANG and
# SESSION_SIZE (1280x900) are locale and screen; it ends after SESSION_SECONDS (300).
set -u

place=${SESSION_PLACE:-$(mktemp -d --tmpdir retainer-session.XXXXXX)}
mkdir -p "$place"/{home,run,config/gtk-4.0,data,cache,state}
chmod 700 "$place/run"
printf '%s\n' '[Settings]' gtk-enable-animations=0 gtk-cursor-blink=0 \
  'gtk-font-name=Cantarell 11' > "$place/config/gtk-4.0/settings.ini"

unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY DISPLAY LC_ALL GTK_THEME STRIPE_API_KEY
export HOME=$place/home XDG_RUNTIME_DIR=$place/run XDG_CONFIG_HOME=$place/config \
  XDG_DATA_HOME=$place/data XDG_CACHE_HOME=$place/cache XDG_STATE_HOME=$place/state
export LANG=${SESSION_LANG:-C.UTF-8} TZ=UTC GDK_BACKEND=x11 GSK_RENDERER=cairo GIO_USE_VFS=local \
  GSETTINGS_BACKEND=memory GIO_USE_PROXY_RESOLVER=dummy ADW_DISABLE_PORTAL=1
# No GL at all: a quarter of the memory, and Mesa's threads deadlock under the sanitizers. The
# first is read by GTK 4.8, the second by newer ones.
export GDK_DEBUG=gl-disable GDK_DISABLE=gl

if [ "${SESSION_KEYRING:-}" = 1 ]; then
  set -- sh -c 'printf test | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
    exec "$@"' sh "$@"
fi
# Each server tells its address on standard output. The X server takes a free number by itself, but
# one that ends at that moment may remove the socket of the one that begins: then another is tried.
# Silenced, because every bus complains about its file limit.
exec {bus}< <(exec dbus-daemon --session --nofork --print-address=1 2> /dev/null)
servers=$!
trap 'kill $servers 2> /dev/null; wait; [ -n "${SESSION_PLACE:-}" ] || rm -rf "$place"' EXIT
for _ in {1..10}; do
  exec {screen}< <(exec Xvfb -displayfd 1 -screen 0 "${SESSION_SIZE:-1280x900}x24" -nolisten tcp \
    2> /dev/null)
  servers+=" $!"
  read -r -t 30 -u "$screen" DISPLAY \
    && DISPLAY=:$DISPLAY xdotool getdisplaygeometry > /dev/null 2>&1 && break
  DISPLAY=
done
read -r -t 30 -u "$bus" DBUS_SESSION_BUS_ADDRESS && [ -n "${DISPLAY:-}" ] \
  || { echo "$0: no display or no bus" >&2; exit 1; }
export DISPLAY=:$DISPLAY DBUS_SESSION_BUS_ADDRESS

timeout --foreground --kill-after=10 "${SESSION_SECONDS:-300}" "$@"
