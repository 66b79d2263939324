#!/bin/bash
# usage: build-locally.sh [FOLDER]     (as root, Debian; 4 GB in FOLDER, or build/flatpak)
#
# Builds Retainer's Flatpak from its manifest without Flathub and without a network, starts it once
# in its sandbox, leaves FOLDER/retainer.png and FOLDER/retainer.flatpak, and checks that the
# sandbox is as closed as the manifest says.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tests/tools/packages.sh"
lab=$(realpath -m "${1:-$here/../build/flatpak}")
id=dev.retainer.Retainer

install_packages flatpak build run show
export FLATPAK_USER_DIR=$lab/installation
branch=$(sed -n 's/.*"runtime-version": "\(.*\)".*/\1/p' "$here/$id.json")
flatpak --user info "org.gnome.Sdk//$branch" > /dev/null 2>&1 || "$here/make-runtimes.sh" "$lab"

cd "$lab"
unshare --net flatpak-builder --user --install --force-clean --disable-download \
  --state-dir=state --repo=apps build "$here/$id.json"
flatpak build-bundle apps retainer.flatpak "$id" master

export SESSION_PLACE=$lab/session SESSION_KEYRING=1
session=$here/../tests/tools/session.sh
in_sandbox=(flatpak run --user --env=GSK_RENDERER=cairo --env=GDK_DEBUG= --env=GDK_DISABLE=gl)
rm -rf "$SESSION_PLACE"
"$session" "${in_sandbox[@]}" --command=retainerctl "$id" account add --name Practice --practice
"$session" "${in_sandbox[@]}" --command=retainerctl "$id" \
  product create --name Receptionist --model base --amount 49 --currency usd
"$session" "$here/../tests/tools/screenshot.sh" retainer.png "${in_sandbox[@]}" "$id"

if flatpak info --user --show-permissions "$id" | grep -E 'secrets|filesystems|session-bus'; then
  echo "$0: the sandbox is more open than it should be" >&2
  exit 1
fi
echo "The window in its sandbox: $lab/retainer.png"
