# Sourced by ./run and ./check: how a build folder is made.

configure () # FOLDER OPTION...
{
  local folder=$1 action=setup

  shift
  [ ! -f "$folder/meson-private/coredata.dat" ] || action=configure
  echo "Configuring $folder"
  # A prefix of its own: `meson install` makes a Retainer one can start with nothing to undo.
  meson "$action" "$folder" --prefix="$PWD/$folder/install" "$@" > "$folder.log" 2>&1 \
    || { cat "$folder.log"; return 1; }
  mv "$folder.log" "$folder/setup.log"
}

compile () # FOLDER
{
  echo "Building $1"
  ninja -C "$1" --quiet
}
