#!/bin/sh
# Builds what is released for one platform: the archives of the command and of the C library, the wheel
# and the npm packages.
#
#   build.sh <target directory> <Rust target>
#
# They are put into <target directory>/release-packages/<Rust target>. For Linux with glibc, zig links
# against glibc 2.17, whatever glibc this system has. Two builds of one commit give the same bytes,
# unless the compilers differ.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
target=$1 triple=$2
out=$target/release-packages/$triple
work=$target/packaging
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -1)
cd "$root"

tools=$target/release-tools/venv/bin
[ -x "$tools/maturin" ] || {
    python3 -m venv "$target/release-tools/venv"
    "$tools/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
}
# One time for all files of an archive: that of the commit.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 315532800)
# libz is linked in. No path of this machine gets into what is built.
LIBZ_SYS_STATIC=1
cargo_home=${CARGO_HOME:-$HOME/.cargo}
cargo fetch --quiet --locked
for source in "$cargo_home"/registry/src/*; do
    RUSTFLAGS="${RUSTFLAGS-} --remap-path-prefix=$source=/deps"
done
RUSTFLAGS="$RUSTFLAGS --remap-path-prefix=$root=/atk"
export SOURCE_DATE_EPOCH LIBZ_SYS_STATIC RUSTFLAGS

cargo=cargo ATK_GLIBC='' manylinux=off
case $triple in
*-linux-gnu) cargo=$here/cargo-with-zig.sh ATK_GLIBC=.2.17 manylinux=manylinux2014 ;;
*-linux-musl) cargo=$here/cargo-with-zig.sh manylinux=musllinux_1_2 ;;
esac
export ATK_GLIBC
# It finds zig as the Python module beside it.
PATH=$tools:$PATH
# BUILT=1: they have been built already.
[ -n "${BUILT-}" ] || case $triple in
*-linux-*) cargo-zigbuild zigbuild --locked --release --target "$triple$ATK_GLIBC" --target-dir "$target" \
    --package atk-cli --package atk-ffi --package atk-node ;;
*) cargo build --locked --release --target "$triple" --target-dir "$target" \
    --package atk-cli --package atk-ffi --package atk-node ;;
esac
built=$target/$triple/release
rm -rf "$out" "$work/stage"
mkdir -p "$out" "$work/stage"

# The command, its manual pages and completions. Those of another system are written by the command of
# this one, which ATK_HOST names: they are the same.
name=atk-$version-$triple
stage=$work/stage/$name
atk=${ATK_HOST:-$built/atk}
mkdir -p "$stage/completions"
cp "$built/atk" LICENSE README.md CHANGELOG.md "$stage"
"$atk" man "$stage/man/man1"
"$atk" completions bash >"$stage/completions/atk.bash"
"$atk" completions zsh >"$stage/completions/_atk"
"$atk" completions fish >"$stage/completions/atk.fish"

# Archives the directory `$1` of the stage.
archive() {
    chmod -R u=rwX,go=rX "$work/stage/$1"
    if tar --version 2>/dev/null | grep -q GNU; then
        tar -C "$work/stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
            -cf - "$1" | gzip -9n >"$out/$1.tar.gz"
    else
        tar -C "$work/stage" --uid 0 --gid 0 -czf "$out/$1.tar.gz" "$1"
    fi
}
archive "$name"

# The C library, to be unpacked anywhere: atk.pc says where it is found.
case $triple in
*-linux-*)
    name=libatk-$version-$triple
    PREFIX=/anywhere DESTDIR=$work/stage/c sh atk-ffi/install/install.sh "$built"
    mv "$work/stage/c/anywhere" "$work/stage/$name"
    # It says where it is found, and libz is in the library.
    # shellcheck disable=SC2016
    sed -i -e 's|/anywhere|${pcfiledir}/../..|' -e 's/ -lz / /' "$work/stage/$name/lib/pkgconfig/atk.pc"
    sed -i 's/"z;gcc_s/"gcc_s/' "$work/stage/$name/lib/cmake/atk/atk-config.cmake"
    # Debug information with paths of this machine, and bitcode for a compiler of the same version: two thirds.
    case $triple in
    "$(uname -m)"-*) strip=strip ;;
    *) strip=${triple%%-*}-linux-gnu-strip ;;
    esac
    "$strip" --strip-debug --remove-section=.llvmbc --remove-section=.llvmcmd "$work/stage/$name/lib/libatk.a"
    cp LICENSE "$work/stage/$name"
    archive "$name"
    ;;
esac

# The wheel.
(cd bindings/python && CARGO=$cargo maturin build --quiet --locked --release --target "$triple" \
    --compatibility $manylinux --target-dir "$target" --out "$out")

# The npm packages: that of this platform, and the one of JavaScript.
case $triple in
x86_64-*) cpu=x64 ;;
aarch64-*) cpu=arm64 ;;
esac
case $triple in
*-linux-gnu) system=linux-$cpu-gnu library=libatk_node.so ;;
*-linux-musl) system=linux-$cpu-musl library=libatk_node.so ;;
*-apple-darwin) system=darwin-$cpu library=libatk_node.dylib ;;
esac
rm -rf "$work/native"
mkdir -p "$work/native"
cp "$built/$library" "$work/native/atk.$system.node"
ATK_NATIVE="$work/native" node bindings/node/package.cjs "$work/npm" >/dev/null
cp "$work"/npm/*.tgz "$out"

(cd "$out" && for file in *.*; do sha256sum "$file"; done >SHA256SUMS 2>/dev/null ||
    shasum -a 256 -- *.* >SHA256SUMS)
rm -rf "$work/stage" "$work/npm" "$work/native"
ls -l "$out"
