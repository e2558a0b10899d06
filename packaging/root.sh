#!/bin/sh
# Makes the root of a Debian system in a directory, from the mirror that this system uses.
#
#   root.sh <suite> <directory> [<packages, separated by commas> [<architecture>]]
#
# It is not made again if it is there. Needs debootstrap, and root.
set -eu
suite=$1 directory=$2 packages=${3:-git} architecture=${4:-$(dpkg --print-architecture)}
[ ! -e "$directory/.made" ] || exit 0
command -v debootstrap >/dev/null 2>&1 || { echo "debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    grep '/debian/\?$' | head -1)}
# Programs of another machine run through QEMU.
[ "$architecture" = "$(dpkg --print-architecture)" ] || [ "$architecture" != arm64 ] ||
    [ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || {
    echo "programs for arm64 do not run here: apt-get install qemu-user-static binfmt-support" >&2
    exit 1
}
rm -rf "$directory"
mkdir -p "$directory"
debootstrap --variant=minbase --arch="$architecture" --include="$packages" "$suite" "$directory" \
    ${mirror:+"$mirror"} >"$directory.log" 2>&1 || { tail -20 "$directory.log" >&2; exit 1; }
: >"$directory/.made"
rm -rf "$directory.log" "$directory"/var/cache/apt/archives/*.deb
