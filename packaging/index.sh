#!/bin/sh
# Writes the first page of the site: links to what is in it.
#
#   index.sh <directory>
set -eu
{
    printf '<!doctype html>\n<meta charset="utf-8">\n<title>ATK</title>\n<h1>ATK</h1>\n<ul>\n'
    printf '<li><a href="rust/atk_core/index.html">The library in Rust</a>\n'
    for file in "$1"/*.md "$1"/atk.h; do
        printf '<li><a href="%s">%s</a>\n' "${file##*/}" "${file##*/}"
    done
    printf '</ul>\n'
} >"$1/index.html"
