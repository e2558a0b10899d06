#!/bin/sh
# The language server for YAML, which editors run, uses the schema of `plugin.yaml`: completion, documentation,
# and an error at its place. Downloads the server.
#
#   run.sh <target directory>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
tools=$target/tools/yaml-language-server-1.25.0
[ -x "$tools/node_modules/.bin/yaml-language-server" ] ||
    npm install --silent --no-save --no-audit --no-fund --prefix "$tools" yaml-language-server@1.25.0
node "$here/client.cjs" "$tools/node_modules" "$target/debug/atk"
