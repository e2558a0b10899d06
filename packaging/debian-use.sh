#!/bin/sh
# Installs the Debian packages in a fresh root, uses them, removes them, and looks for what is left.
#
#   debian-use.sh <target directory> <Rust target>
#
# Needs debootstrap, and root; for the packages of another machine, QEMU as the interpreter of its programs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1 triple=$2
case $triple in
x86_64-*) architecture=amd64 ;;
aarch64-*) architecture=arm64 ;;
esac
suite=${DEBIAN_SUITE:-bookworm}
roots=$target/roots
root=$roots/$suite-debian-$architecture
sh "$here/root.sh" "$suite" "$root" git,gcc,libc6-dev,pkg-config,man-db,bash-completion "$architecture"
rm -rf "$root/use"
mkdir "$root/use"
cp -R "$here/use" "$root/use/programs"
cp "$target"/release-packages/debian/*_$architecture.deb "$root/use"
files() {
    (cd "$root" && find . -xdev \( -path ./use -o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log \
        -o -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./etc/ld.so.cache \) -prune \
        -o -print | sort)
}
files >"$target/packaging-before"
chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh -euc '
dpkg --install /use/*.deb >/dev/null
sh /use/programs/command.sh atk /use/work/command
man --where atk atk-add >/dev/null
bash -ec ". /usr/share/bash-completion/bash_completion; _completion_loader atk || [ \$? -eq 124 ]; complete -p atk" >/dev/null
echo "man pages and completions are found"
mkdir -p /use/work/c && cd /use/work/c && . /use/programs/setting.sh
gcc -Wall -Werror /use/programs/program.c $(pkg-config --cflags --libs atk) -o program
./program "$PWD/home" "$SOURCE"
cd /
dpkg --purge libatk-dev libatk0 atk >/dev/null
if command -v atk; then exit 1; fi'
files >"$target/packaging-after"
diff "$target/packaging-before" "$target/packaging-after" || { echo "the packages leave files behind" >&2; exit 1; }
rm -rf "$root/use" "$target/packaging-before" "$target/packaging-after"
echo "the Debian packages are installed, used and removed in $suite for $architecture"
