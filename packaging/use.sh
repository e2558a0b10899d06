#!/bin/sh
# Uses what build.sh built, in the root of the oldest Debian whose packages can be had: the command, the C
# library, the npm package; and the wheel in the oldest that has Python 3.10 or newer.
#
#   use.sh <target directory> <Rust target>
#
# Needs debootstrap, and root; for the packages of another machine, QEMU as the interpreter of its programs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1 triple=$2
packages=$target/release-packages/$triple
roots=$target/roots
OLD=${OLD_SUITE:-bullseye}
PYTHON=${PYTHON_SUITE:-bookworm}
NODE=18

case $triple in
x86_64-*) architecture=amd64 cpu=x64 ;;
aarch64-*) architecture=arm64 cpu=arm64 ;;
esac

mkdir -p "$roots"
old=$roots/$OLD-$architecture
python=$roots/$PYTHON-$architecture
sh "$here/root.sh" "$OLD" "$old" git,gcc,libc6-dev,pkg-config,python3 "$architecture"
sh "$here/root.sh" "$PYTHON" "$python" git,python3-venv "$architecture"

# Puts files into a root, and runs a script there with nothing else of this system.
enter() {
    root=$1
    rm -rf "$root/use"
    mkdir "$root/use"
    cp -R "$here/use" "$root/use/programs"
    cp "$packages"/* "$root/use"
}
run() {
    chroot "$root" env -i PATH=/use/node:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 sh -euc "$1"
}

enter "$old"
# Node as npm has it for that machine.
node=$target/release-tools/node-$cpu
[ -x "$node/node_modules/node-linux-$cpu/bin/node" ] ||
    npm install --silent --no-save --no-audit --no-fund --force --prefix "$node" "node-linux-$cpu@$NODE"
mkdir "$root/use/node"
cp "$node/node_modules/node-linux-$cpu/bin/node" "$root/use/node"
# npm of this system unpacks; what it makes is used in the root.
mkdir "$root/use/npm"
(cd "$root/use/npm" && echo '{ "private": true }' >package.json &&
    npm install --offline --silent --no-audit --no-fund "$packages"/*.tgz 2>/dev/null ||
    for package in "$packages"/svtoo-*.tgz; do
        name=$(tar -xzOf "$package" package/package.json | node -p 'JSON.parse(fs.readFileSync(0)).name')
        mkdir -p "node_modules/$name"
        tar -xzf "$package" -C "node_modules/$name" --strip-components 1
    done)
cp "$here/use/program.cjs" "$root/use/npm"
echo "in Debian $OLD for $architecture, with $(chroot "$root" ldd --version | head -1):"
run 'cd /use
for archive in *.tar.gz; do tar -xzf "$archive"; done
sh programs/command.sh /use/atk-*/atk /use/work/command
sh programs/c.sh /use/libatk-*/ /use/work/c
mkdir -p work/node && cd work/node && . /use/programs/setting.sh
node /use/npm/program.cjs /use/work/node/home "$SOURCE"'
# Its Python is too old for the package, and lacks functions that the binary uses; its libraries are not.
run 'cd /use && mkdir wheel && python3 -m zipfile -e *.whl wheel
if ldd wheel/atk/_native.abi3.so 2>&1 | grep "not found"; then exit 1; fi
echo "the libraries are new enough for the binary of the wheel"'
rm -rf "$root/use"

enter "$python"
echo "in Debian $PYTHON for $architecture, with $(chroot "$root" ldd --version | head -1):"
run 'cd /use
python3 -m venv --system-site-packages venv
venv/bin/pip install --quiet --no-index --no-deps *.whl
mkdir -p work/python && cd work/python && . /use/programs/setting.sh
/use/venv/bin/python /use/programs/program.py /use/work/python/home "$SOURCE"
sh /use/programs/command.sh /use/venv/bin/atk /use/work/command'
rm -rf "$root/use"
