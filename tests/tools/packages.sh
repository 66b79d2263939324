# Sourced by ./run, ./check and flatpak/build-locally.sh: what each of them needs from the
# system's own package manager. Debian 12 is what we test; Fedora and Arch go by their lists.

packages_of () # GROUP: build, run, show (a window without a screen), test, flatpak
{
  case $manager-$1 in
    apt-build)
      echo gcc meson ninja-build pkgconf gettext libgtk-4-dev libgtk-4-bin libadwaita-1-dev \
        libsoup-3.0-dev libjson-glib-dev libsqlite3-dev libsecret-1-dev libglib2.0-bin \
        desktop-file-utils libxml2-utils ;;
    apt-run)
      echo glib-networking ca-certificates adwaita-icon-theme librsvg2-common fonts-cantarell \
        iso-codes ;;
    apt-show)
      echo xvfb x11-utils xdotool imagemagick dbus at-spi2-core fonts-dejavu-core ;;
    apt-test)
      echo git gir1.2-atspi-2.0 python3-gi gnome-keyring libsecret-tools locales \
        tzdata appstream appstream-util clang-format-14 sqlite3 \
        $(command -v npm > /dev/null || echo npm) ;;
    apt-flatpak)
      echo flatpak flatpak-builder elfutils ostree mmdebstrap ;;
    dnf-build)
      echo gcc meson ninja-build pkgconf-pkg-config gettext gtk4-devel gtk4 libadwaita-devel \
        libsoup3-devel json-glib-devel sqlite-devel libsecret-devel glib2-devel \
        desktop-file-utils libxml2 ;;
    dnf-run)
      echo glib-networking ca-certificates adwaita-icon-theme librsvg2 iso-codes ;;
    dnf-show)
      echo xorg-x11-server-Xvfb xwininfo xprop xdotool ImageMagick dbus-daemon at-spi2-core \
        dejavu-sans-fonts ;;
    dnf-test)
      echo git python3-gobject gnome-keyring libsecret libasan libubsan \
        glibc-locale-source tzdata appstream libappstream-glib clang-tools-extra sqlite \
        $(command -v npm > /dev/null || echo nodejs-npm) ;;
    dnf-flatpak)
      echo flatpak flatpak-builder elfutils ;;
    pacman-build)
      echo gcc meson ninja pkgconf gettext gtk4 libadwaita libsoup3 json-glib sqlite libsecret \
        glib2-devel desktop-file-utils libxml2 ;;
    pacman-run)
      echo glib-networking ca-certificates adwaita-icon-theme librsvg iso-codes ;;
    pacman-show)
      echo xorg-server-xvfb xorg-xwininfo xorg-xprop xdotool imagemagick dbus \
        at-spi2-core ttf-dejavu ;;
    pacman-test)
      echo git python-gobject gnome-keyring tzdata appstream appstream-glib clang \
        $(command -v npm > /dev/null || echo npm) ;;
    pacman-flatpak)
      echo flatpak flatpak-builder elfutils ;;
  esac
}

missing_packages () # PACKAGE...
{
  local package

  case $manager in
    apt)
      for package; do
        dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2> /dev/null \
          | grep -qx installed || echo "$package"
      done ;;
    dnf)
      for package; do
        rpm --query --whatprovides "$package" > /dev/null || echo "$package"
      done ;;
    pacman)
      pacman --deptest "$@" || true ;;
  esac
}

as_root () # COMMAND...
{
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    echo "$0: run this as root, or install sudo: it has to call: $*" >&2
    return 1
  fi
}

quietly () # COMMAND...      shows what it said only if it fails
{
  local said

  said=$("$@" 2>&1 < /dev/null) || { echo "$said" >&2; return 1; }
}

install_packages () # GROUP...
{
  local manager group wanted=() missing

  for manager in apt-get dnf pacman; do
    command -v "$manager" > /dev/null && break
  done
  command -v "$manager" > /dev/null || {
    echo "$0: no apt-get, dnf or pacman here; install the packages of tests/tools/packages.sh" >&2
    return 1
  }
  manager=${manager%-get}
  for group; do
    wanted+=($(packages_of "$group"))
  done
  missing=$(missing_packages "${wanted[@]}")
  [ -n "$missing" ] || return 0

  echo "Installing with $manager:" $missing
  case $manager in
    apt)
      quietly as_root apt-get update
      # "env", because sudo drops variables.
      quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends \
        install $missing ;;
    dnf)
      quietly as_root dnf --assumeyes --setopt=install_weak_deps=False install $missing ;;
    pacman)
      # No --refresh: new lists without an upgrade of the whole system break Arch.
      quietly as_root pacman --sync --needed --noconfirm $missing ;;
  esac
}
