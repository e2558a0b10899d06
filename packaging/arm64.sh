#!/bin/sh
# Builds what is released for Linux arm64 on an x86-64 machine, checks it, and uses it through QEMU.
#
#   arm64.sh <target directory>
#
# As root on Debian it installs what it needs: QEMU, binutils, and Debian's Rust with the library for arm64
# unless `rustup target add` has it already. zig compiles C and links, as for other targets.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
triple=aarch64-unknown-linux-gnu
host=$(rustc -vV | sed -n 's/^host: //p')
export ATK_HOST="$target/$host/release/atk"
[ -x "$ATK_HOST" ] || { echo "there is no command for $host: make release-packages" >&2; exit 1; }

install() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || { echo "missing: $*" >&2; exit 1; }
    apt-get update --quiet --quiet
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends "$@" >/dev/null
}
command -v aarch64-linux-gnu-strip >/dev/null || install binutils-aarch64-linux-gnu
command -v qemu-aarch64-static >/dev/null || install qemu-user-static binfmt-support
if [ ! -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] && [ "$(id -u)" -eq 0 ]; then
    mountpoint -q /proc/sys/fs/binfmt_misc || mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
    [ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || update-binfmts --enable qemu-aarch64
fi

# Two compilers must not share what they compiled.
work=$target/arm64
mkdir -p "$work"
if [ ! -d "$(rustc --print target-libdir --target "$triple")" ]; then
    [ -d "/usr/lib/rustlib/$triple" ] || {
        dpkg --add-architecture arm64
        install rustc-web cargo-web libstd-rust-web-dev:arm64
    }
    mkdir -p "$work/rust"
    for program in cargo rustc rustdoc; do
        ln -sf "/usr/bin/$program" "$work/rust/$program"
    done
    PATH=$work/rust:$PATH
    export PATH
fi
sh "$here/build.sh" "$work" "$triple"
python3 "$here/check.py" "$work/release-packages/$triple"
sh "$here/debian.sh" "$work" "$triple"
sh "$here/use.sh" "$work" "$triple"
sh "$here/debian-use.sh" "$work" "$triple"
# Questions on a terminal take longer through QEMU than their test allows.
sh "$here/arm64-tests.sh" "$work" "$work/roots/bookworm-arm64" env_file:: custom:: sources:: \
    --skip hidden_question
mkdir -p "$target/release-packages/$triple" "$target/release-packages/debian"
cp "$work/release-packages/$triple"/* "$target/release-packages/$triple"
cp "$work/release-packages/debian"/*_arm64.deb "$target/release-packages/debian"
