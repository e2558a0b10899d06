#!/bin/sh
# Uses what build.sh built, in the root of the oldest Debian whose packages can be had: the command, the C
# library, the npm package; and the wheel in the oldest that has Python 3.10 or newer.
#
#   use.sh <target directory> <Rust target>
#
# Needs debootstrap, and root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1 triple=$2
packages=$target/release-packages/$triple
roots=$target/roots
OLD=${OLD_SUITE:-bullseye}
PYTHON=${PYTHON_SUITE:-bookworm}
NODE=18

mkdir -p "$roots"
sh "$here/root.sh" "$OLD" "$roots/$OLD" git,gcc,libc6-dev,pkg-config,python3
sh "$here/root.sh" "$PYTHON" "$roots/$PYTHON" git,python3-venv

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

enter "$roots/$OLD"
mkdir -p "$target/release-tools/node"
[ -x "$target/release-tools/node/node_modules/node/bin/node" ] ||
    npm install --silent --no-save --no-audit --no-fund --prefix "$target/release-tools/node" "node@$NODE"
mkdir "$root/use/node"
cp "$target/release-tools/node/node_modules/node/bin/node" "$root/use/node"
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
echo "in Debian $OLD, with $(chroot "$root" ldd --version | head -1):"
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

enter "$roots/$PYTHON"
echo "in Debian $PYTHON, with $(chroot "$root" ldd --version | head -1):"
run 'cd /use
python3 -m venv --system-site-packages venv
venv/bin/pip install --quiet --no-index --no-deps *.whl
mkdir -p work/python && cd work/python && . /use/programs/setting.sh
/use/venv/bin/python /use/programs/program.py /use/work/python/home "$SOURCE"
sh /use/programs/command.sh /use/venv/bin/atk /use/work/command'
rm -rf "$root/use"
