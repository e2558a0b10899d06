#!/bin/sh
# Builds the package and tries it on Node 18, 20, 22 and 24. What it needs comes from the package
# registry and stays in node_modules and below the target directory.
#
#   test.sh <target directory>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
work=$target/node
if [ "${ATK_NODE-}" = none ]; then
    echo "ATK_NODE is none: the Node package is not tested"
    exit 0
fi
cd "$here"
# What is installed stays while the lockfile does.
cmp -s package-lock.json node_modules/.installed || {
    npm ci --silent
    cp package-lock.json node_modules/.installed
}
sh build.sh "$target"

node_modules/.bin/tsc --project tests/types
node_modules/.bin/tsc --project examples/vscode

# What is published is installed into an empty directory, without a registry.
node package.cjs "$work/packages" >/dev/null
rm -rf "$work/consumer"
mkdir -p "$work/consumer"
echo '{ "private": true }' >"$work/consumer/package.json"
(cd "$work/consumer" && npm install --offline --silent --no-audit --no-fund "$work"/packages/*.tgz)
cp tests/consumer.mjs tests/consumer.cjs "$work/consumer"
node tests/bundle.cjs "$work/consumer"
# Types and modules as every kind of consumer resolves them.
node_modules/.bin/attw "$work"/packages/svtoo-atk-[0-9]*.tgz --quiet

tried=
for major in 18 20 22 24; do
    node=$work/$major/node_modules/node/bin/node
    [ -x "$node" ] || npm install --silent --no-save --no-audit --no-fund --prefix "$work/$major" "node@$major" ||
        { echo "Node $major cannot be had" >&2; exit 1; }
    [ -x "$node" ] || { echo "Node $major cannot be had" >&2; exit 1; }
    echo "Node $("$node" --version)"
    # Without names of files: Node 22 takes a directory for a file, Node 18 knows no patterns.
    PATH="$(dirname "$node"):$PATH" "$node" --test --test-reporter "$here/tests/brief.mjs"
    (cd "$work/consumer" && export HOME="$work/consumer" && "$node" consumer.mjs && "$node" consumer.cjs)
    for bundle in "$work"/consumer/bundles/* "$work"/shipped/*js; do
        [ "$("$node" "$bundle")" = works ] || { echo "$bundle does not run" >&2; exit 1; }
    done
    tried="$tried $("$node" --version)"
done
echo "the Node package works on Node$tried"
