#!/bin/sh
# Runs integration tests with the command for arm64 and the git of a root for arm64. The tests themselves are of this
# machine; QEMU runs what they start, some thirty times slower.
#
#   arm64-tests.sh <target directory of the command> <root> [<name of tests>…]
#
# Needs root.
set -eu
# What is mounted here is seen by nothing else, and gone at the end.
[ -n "${ATK_MOUNTS_ARE_OWN-}" ] || ATK_MOUNTS_ARE_OWN=1 exec unshare --mount sh "$0" "$@"
work=$1 root=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
cd "$top"
tests=$(cargo test --locked --no-run --package atk-tests --test atk --message-format=json |
    sed -n '/"kind":\["test"\]/s/.*"executable":"\([^"]*\)".*/\1/p')
for library in $(ldd "$tests" | grep -o '/[^ ]*'); do
    mkdir -p "$root${library%/*}"
    cp -L "$library" "$root$library"
done
put() {
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
}
# The tests read files of the project, by its path; terminals are in /dev/pts.
put "$top"
put /proc
put /dev
put /dev/pts
mkdir -p "$root/use"
cp "$work/aarch64-unknown-linux-gnu/release/atk" "$root/use/atk"
cp "$tests" "$root/use/tests"
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 ATK_BIN=/use/atk ATK_PYTHON=none \
    /use/tests "$@"
rm -rf "$root/use"
