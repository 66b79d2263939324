#!/bin/bash
# usage: screenshot.sh FILE.png COMMAND...     (inside session.sh)
#
# Starts a program and takes a picture of its window once that has stopped changing.
set -euo pipefail

picture=$1
shift
"$@" &
program=$!
trap 'kill "$program" 2> /dev/null; wait "$program" 2> /dev/null || true' EXIT

# By any name: in a sandbox the program's number is another.
window=$(timeout 60 xdotool search --sync --onlyvisible --name . | tail -1)
before=none
for _ in {1..100}; do
  import -window "$window" "$picture"
  # One colour is a window that has not been drawn yet.
  now=$(identify -format '%# %k' "$picture")
  [ "$now" != "$before" ] || [ "${now#* }" = 1 ] || exit 0
  before=$now
done
echo "$0: the window never came to rest" >&2
exit 1
