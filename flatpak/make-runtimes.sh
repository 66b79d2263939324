#!/bin/bash
# usage: make-runtimes.sh FOLDER     (as root, Debian)
#
# Makes stand-ins for org.gnome.Platform and org.gnome.Sdk of the version that the manifest names,
# from Debian's packages, and installs them in FOLDER/installation. For machines that reach a
# Debian mirror but not Flathub: the manifest itself is then built unchanged.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tests/tools/packages.sh"
lab=$(realpath -m "$1")
branch=$(sed -n 's/.*"runtime-version": "\(.*\)".*/\1/p' "$here/dev.retainer.Retainer.json")
suite=trixie
mirror=$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/debian.sources | head -1)
arch=$(dpkg --print-architecture | sed 's/amd64/x86_64/; s/arm64/aarch64/')

platform_packages=libgtk-4-1,libadwaita-1-0,libsoup-3.0-0,libjson-glib-1.0-0,libsqlite3-0
platform_packages+=,libsecret-1-0,glib-networking,ca-certificates,adwaita-icon-theme
platform_packages+=,hicolor-icon-theme,gsettings-desktop-schemas,fonts-cantarell
platform_packages+=,fonts-dejavu-core,shared-mime-info,librsvg2-common,libglib2.0-bin
platform_packages+=,dconf-gsettings-backend,xkb-data,iso-codes,desktop-file-utils
platform_packages+=,gtk-update-icon-cache
sdk_packages='build-essential meson ninja-build pkgconf git gettext libgtk-4-dev libgtk-4-bin
  libadwaita-1-dev libsoup-3.0-dev libjson-glib-dev libsqlite3-dev libsecret-1-dev
  elfutils desktop-file-utils appstream appstream-compose appstream-util'

# A Debian root as a runtime: /usr with /etc inside it, and none of what belongs to one machine.
export_runtime () # ROOT ID
{
  local root=$1 id=$2 dir
  local data_dirs=/app/share:/usr/share:/usr/share/runtime/share

  data_dirs+=:/run/host/user-share:/run/host/share
  dir=$(mktemp -d --tmpdir="$lab")
  mkdir -p "$dir"/{usr,files,var} # flatpak asks for files/ although it exports usr/
  cp -a "$root/usr/." "$dir/usr/"
  rm -rf "$dir/usr/etc" "$dir"/usr/share/{doc,man,info}
  cp -a "$root/etc" "$dir/usr/etc"
  rm -f "$dir"/usr/etc/{passwd-,group-,shadow,shadow-,gshadow,gshadow-,resolv.conf,hostname} \
    "$dir"/usr/etc/{machine-id,.pwd.lock,ld.so.cache,mtab}
  # Flatpak's PATH has no sbin.
  [ -e "$dir/usr/bin/ldconfig" ] || ln -s ../sbin/ldconfig "$dir/usr/bin/ldconfig"
  printf '%s\n' 'include /run/flatpak/ld.so.conf.d/app-*.conf' 'include /app/etc/ld.so.conf' \
    /app/lib 'include /run/flatpak/ld.so.conf.d/runtime-*.conf' \
    'include /etc/ld.so.conf.d/*.conf' > "$dir/usr/etc/ld.so.conf"
  find "$dir/usr" -xdev \( -type f -o -type d \) -perm /7022 -exec chmod a-st,go-w {} +
  find "$dir/usr" -xdev ! -type f ! -type d ! -type l -delete
  printf '%s\n' '[Runtime]' "name=$id" "runtime=org.gnome.Platform/$arch/$branch" \
    "sdk=org.gnome.Sdk/$arch/$branch" '' '[Environment]' \
    "XDG_DATA_DIRS=$data_dirs" \
    'GI_TYPELIB_PATH=/app/lib/girepository-1.0' \
    'PKG_CONFIG_PATH=/app/lib/pkgconfig:/app/share/pkgconfig' > "$dir/metadata"
  flatpak build-export --runtime --disable-fsync --no-update-summary runtimes "$dir" "$branch"
  rm -rf "$dir"
}

# Without a chroot, in which the kernel forbids the user namespaces of some package scripts.
in_root () # ROOT COMMAND...
{
  unshare --mount --propagation private sh -eu -c '
    mount --bind "$1" "$1"
    cd "$1"
    shift
    mount -t proc proc proc
    mount --rbind /sys sys
    mount --rbind /dev dev
    mount -t tmpfs tmpfs tmp
    cp -L /etc/resolv.conf etc/resolv.conf
    pivot_root . .
    umount -l .
    cd /
    exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
      DEBIAN_FRONTEND=noninteractive "$@"' sh "$@"
}

install_packages flatpak
mkdir -p "$lab"
cd "$lab"
rm -rf platform sdk runtimes
mmdebstrap --quiet --variant=minbase --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --include="$platform_packages" "$suite" platform "$mirror"
cp -a platform sdk # the SDK is the platform and more
in_root "$lab/sdk" sh -c 'apt-get -qq update &&
  apt-get -qq -y --no-install-recommends install $0 > /dev/null && apt-get clean' "$sdk_packages"
ostree init --mode=bare-user-only --repo=runtimes # installs by hard links
export_runtime platform org.gnome.Platform
export_runtime sdk org.gnome.Sdk
flatpak build-update-repo runtimes
rm -rf platform sdk

export FLATPAK_USER_DIR=$lab/installation
flatpak --user remote-add --if-not-exists --no-gpg-verify local "file://$lab/runtimes"
flatpak --user install -y --noninteractive --or-update local \
  "org.gnome.Platform//$branch" "org.gnome.Sdk//$branch"
