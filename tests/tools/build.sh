# Sourced by ./run and ./check: how a build folder is made. After packages.sh.

configure () # FOLDER OPTION...      without options a folder that is there stays as it is
{
  local folder=$1 action=setup

  shift
  if [ -f "$folder/build.ninja" ]; then
    [ $# -gt 0 ] && [ "$*" != "$(cat "$folder/options" 2> /dev/null)" ] || return 0
    action=configure
  fi
  echo "Configuring $folder"
  # A prefix of its own: `meson install` makes a Retainer one can start with nothing to undo.
  quietly meson "$action" "$folder" --prefix="$PWD/$folder/install" "$@"
  echo "$*" > "$folder/options"
}

compile () # FOLDER
{
  echo "Building $1"
  ninja -C "$1" --quiet
}
