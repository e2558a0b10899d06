#!/bin/sh
# Puts the C library in place: header, shared and static library, soname links, atk.pc and a CMake
# package.
#
#   install.sh <directory of the built libraries>
#
# PREFIX is where it will be used (/usr/local), DESTDIR a directory that stands for the root.
set -eu
built=$1
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-/usr/local}
root=${DESTDIR:-}$prefix
version=$(sed -n 's/^#define ATK_VERSION "\(.*\)"$/\1/p' "$here/../../include/atk.h")
abi=$(sed -n 's/^#define ATK_ABI_VERSION \(.*\)$/\1/p' "$here/../../include/atk.h")

install -d "$root/include" "$root/lib/pkgconfig" "$root/lib/cmake/atk"
install -m 644 "$here/../../include/atk.h" "$root/include/atk.h"
install -m 755 "$built/libatk.so" "$root/lib/libatk.so.$version"
ln -sf "libatk.so.$version" "$root/lib/libatk.so.$abi"
ln -sf "libatk.so.$abi" "$root/lib/libatk.so"
install -m 644 "$built/libatk.a" "$root/lib/libatk.a"
fill() {
    sed -e "s|@PREFIX@|$prefix|" -e "s|@VERSION@|$version|" -e "s|@ABI@|$abi|" "$here/$1.in"
}
fill atk.pc >"$root/lib/pkgconfig/atk.pc"
fill atk-config.cmake >"$root/lib/cmake/atk/atk-config.cmake"
