#!/bin/sh
# Puts the C library in place on Linux: header, shared and static library, soname links, atk.pc and
# a CMake package.
#
#   install.sh <directory of the built libraries>
#
# PREFIX is where it will be used (/usr/local), LIBDIR and INCLUDEDIR where below it; DESTDIR is a
# directory that stands for the root.
set -eu
built=$1
here=$(cd "$(dirname "$0")" && pwd)
header=$here/../../include/atk.h
prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
includedir=${INCLUDEDIR:-$prefix/include}
include=${DESTDIR:-}$includedir
lib=${DESTDIR:-}$libdir
version=$(sed -n 's/^#define ATK_VERSION "\(.*\)"$/\1/p' "$header")
abi=$(sed -n 's/^#define ATK_ABI_VERSION \(.*\)$/\1/p' "$header")

install -d "$include" "$lib/pkgconfig" "$lib/cmake/atk"
install -m 644 "$header" "${header}pp" "$include"
install -m 644 "$built/libatk.a" "$lib"
install -m 755 "$built/libatk.so" "$lib/libatk.so.$version"
ln -sf "libatk.so.$version" "$lib/libatk.so.$abi"
ln -sf "libatk.so.$abi" "$lib/libatk.so"
install -m 644 "$here/atk-config.cmake" "$here/atk-config-version.cmake" "$lib/cmake/atk"
sed -e "s|@PREFIX@|$prefix|" -e "s|@LIBDIR@|$libdir|" -e "s|@INCLUDEDIR@|$includedir|" \
    -e "s|@VERSION@|$version|" "$here/atk.pc.in" >"$lib/pkgconfig/atk.pc"
chmod 644 "$lib/pkgconfig/atk.pc"
