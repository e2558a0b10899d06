#!/bin/sh
# Runs the conformance scenarios in the faces that are built here, and then the runner's own tests:
# each planted difference must be found.
#
#   run.sh <target directory> [--only <part of a name>]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
target=$1
shift
work=$target/conformance
mkdir -p "$work/lib"
cd "$root"
cargo build --locked --quiet --package atk-cli --package atk-tests --bins
cargo build --locked --quiet --package atk-ffi --lib

# The library has the name that programs load it by.
ln -sf "$target/debug/libatk.so" "$work/lib/libatk.so"
ln -sf "$target/debug/libatk.so" "$work/lib/libatk.so.0"
${CC:-cc} -std=c11 -Wall -Wextra -Werror -I include -o "$work/c" "$here/drivers/c.c" -L "$work/lib" -latk
export LD_LIBRARY_PATH="$work/lib" ATK_BIN="$target/debug/atk"

if [ "${ATK_PYTHON-}" != none ]; then
    cargo build --locked --quiet --package atk-python
    rm -rf "$work/python"
    mkdir -p "$work/python"
    cp -r bindings/python/python/atk "$work/python/atk"
    cp "$target/debug/lib_native.so" "$work/python/atk/_native.abi3.so"
    export PYTHONPATH="$work/python" PYTHONDONTWRITEBYTECODE=1
    python=$(python3 -c 'import sys; print(sys.executable)')
fi
if [ "${ATK_NODE-}" != none ]; then
    sh bindings/node/build.sh "$target"
    node=$(node -p process.execPath)
fi

conformance() {
    "$target/debug/conformance" "$@" cli= "c=$work/c" \
        "python=${python-} $here/drivers/python.py sync" "aio=${python-} $here/drivers/python.py async" \
        "node=${node-} $here/drivers/node.cjs $root/bindings/node" ruby= kotlin=
}
conformance "$@"

faces="cli c"
[ "${ATK_PYTHON-}" = none ] || faces="$faces python aio"
[ "${ATK_NODE-}" = none ] || faces="$faces node"
for face in $faces; do
    for plant in field event success silent; do
        if ATK_CONFORMANCE_PLANT=$face:$plant conformance --only add_refuses_what_is_there >"$work/planted" 2>&1; then
            echo "the difference \`$plant\` in $face is not found" >&2
            exit 1
        fi
        grep -q "FAILED   $face " "$work/planted" || [ "$face" = c ] ||
            { echo "the difference \`$plant\` is not reported in $face" >&2; exit 1; }
    done
done
echo "planted differences are found in: $faces"
