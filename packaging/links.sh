#!/bin/sh
# Checks the links within the book: pages and pictures. Links to other hosts are not followed, and headings are
# checked in the text, by the tests.
#
#   links.sh <target directory>
set -eu
target=$1
tools=$target/tools/linkinator
[ -x "$tools/node_modules/.bin/linkinator" ] ||
    npm install --silent --no-save --no-audit --no-fund --prefix "$tools" linkinator@6.1.4
cd "$target/book"
"$tools/node_modules/.bin/linkinator" index.html --server-root . --recurse --verbosity error --skip '^https?://(?!localhost)'
