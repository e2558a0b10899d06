#!/bin/sh
# Builds the Debian packages `atk`, `libatk0` and `libatk-dev` from the archives of build.sh.
#
#   debian.sh <target directory> <Rust target>
#
# The files come from the archives, which need glibc 2.17 only: the packages are for every release of Debian
# and Ubuntu that is supported. They are put into <target directory>/release-packages/debian.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
target=$1 triple=$2
packages=$target/release-packages/$triple
out=$target/release-packages/debian
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -1)
abi=$(sed -n 's/^#define ATK_ABI_VERSION \(.*\)$/\1/p' "$root/include/atk.h")
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 315532800)
export SOURCE_DATE_EPOCH
case $triple in
x86_64-*) architecture=amd64 multiarch=x86_64-linux-gnu ;;
aarch64-*) architecture=arm64 multiarch=aarch64-linux-gnu ;;
esac
umask 022
work=$target/packaging/debian
rm -rf "$work"
mkdir -p "$work" "$out"
tar -xzf "$packages/atk-$version-$triple.tar.gz" -C "$work"
tar -xzf "$packages/libatk-$version-$triple.tar.gz" -C "$work"
command=$work/atk-$version-$triple
library=$work/libatk-$version-$triple

# Finishes the package `$1` of the section `$2`: licence, changelog, control file, archive. Further lines
# of the control file are read from the standard input; `$3` and `$4` describe it.
pack() {
    tree=$work/$1
    documents=$tree/usr/share/doc/$1
    mkdir -p "$documents" "$tree/DEBIAN"
    cat >"$documents/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: atk
Source: https://github.com/Svtoo/atk

Files: *
Copyright: The ATK authors
License: Apache-2.0
 On Debian systems, the full text is in /usr/share/common-licenses/Apache-2.0.
Comment: libgit2 is linked in. Its licence is GPL-2.0 with an exception for linking.
END
    printf 'atk (%s) unstable; urgency=medium\n\n  * See https://github.com/Svtoo/atk/blob/main/CHANGELOG.md\n\n -- The ATK authors <atk@example.com>  %s\n' \
        "$version" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$documents/changelog.gz"
    {
        printf 'Package: %s\nSource: atk\nVersion: %s\nArchitecture: %s\nSection: %s\nPriority: optional\n' \
            "$1" "$version" "$architecture" "$2"
        printf 'Maintainer: The ATK authors <atk@example.com>\nHomepage: https://github.com/Svtoo/atk\n'
        printf 'Installed-Size: %s\n' "$(du -sk --apparent-size "$tree" | cut -f1)"
        cat
        printf 'Description: %s\n %s\n' "$3" "$4"
    } >"$tree/DEBIAN/control"
    find "$tree" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/$1_${version}_$architecture.deb" >/dev/null
}

tree=$work/atk
install -D -m 755 "$command/atk" "$tree/usr/bin/atk"
mkdir -p "$tree/usr/share/man/man1"
for page in "$command"/man/man1/*.1; do
    gzip -9n <"$page" >"$tree/usr/share/man/man1/${page##*/}.gz"
done
install -D -m 644 "$command/completions/atk.bash" "$tree/usr/share/bash-completion/completions/atk"
install -D -m 644 "$command/completions/_atk" "$tree/usr/share/zsh/vendor-completions/_atk"
install -D -m 644 "$command/completions/atk.fish" "$tree/usr/share/fish/vendor_completions.d/atk.fish"
pack atk devel 'plugin manager for the tools around AI-assisted development' \
    'Manages MCP servers, local services and agent skills in one git-backed directory.' <<END
Depends: libc6 (>= 2.17), libgcc-s1 | libgcc1, git (>= 1:2.20)
END

tree=$work/libatk$abi
mkdir -p "$tree/usr/lib/$multiarch" "$tree/DEBIAN"
cp -P "$library/lib/libatk.so.$version" "$library/lib/libatk.so.$abi" "$tree/usr/lib/$multiarch"
chmod 644 "$tree/usr/lib/$multiarch/libatk.so.$version"
echo "activate-noawait ldconfig" >"$tree/DEBIAN/triggers"
echo "libatk $abi libatk$abi (>= $version)" >"$tree/DEBIAN/shlibs"
pack "libatk$abi" libs 'plugin manager for the tools around AI-assisted development - library' \
    'The shared library, for programs in C and other languages.' <<END
Depends: libc6 (>= 2.17), libgcc-s1 | libgcc1, git (>= 1:2.20)
Multi-Arch: same
END

tree=$work/libatk-dev
mkdir -p "$tree/usr/lib/$multiarch"
# install.sh takes the libraries under the names that cargo gives them.
mkdir "$work/built"
cp "$library/lib/libatk.a" "$work/built"
cp "$library/lib/libatk.so.$version" "$work/built/libatk.so"
DESTDIR=$tree PREFIX=/usr LIBDIR=/usr/lib/$multiarch sh "$root/atk-ffi/install/install.sh" "$work/built"
sed -i 's/ -lz / /' "$tree/usr/lib/$multiarch/pkgconfig/atk.pc"
sed -i 's/"z;gcc_s/"gcc_s/' "$tree/usr/lib/$multiarch/cmake/atk/atk-config.cmake"
rm "$tree/usr/lib/$multiarch/libatk.so.$version" "$tree/usr/lib/$multiarch/libatk.so.$abi"
pack libatk-dev libdevel 'plugin manager for the tools around AI-assisted development - development files' \
    'Headers for C and C++, the static library, and files for pkg-config and CMake.' <<END
Depends: libatk$abi (= $version)
END
rm -rf "$work"
ls -l "$out"
