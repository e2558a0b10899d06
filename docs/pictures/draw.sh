#!/bin/sh
# Draws the pictures: each `.dot` file is written as an SVG beside it. Needs Graphviz.
#
# The first line of an SVG has the checksum of its text; a test compares them.
set -eu
cd "$(dirname "$0")"
for text in *.dot; do
    picture=${text%.dot}.svg
    sum=$(git hash-object "$text")
    {
        echo "<!-- $text $sum -->"
        dot -Tsvg "$text" | sed -e '1,/^<svg/{/^<svg/!d;}' -e '/^<!--/d'
    } >"$picture.new"
    mv "$picture.new" "$picture"
done
