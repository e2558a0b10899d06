#!/bin/sh
# Puts what is released into one directory, with one SHA256SUMS, the install script and the Homebrew formula.
#
#   collect.sh <target directory>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
packages=$1/release-packages
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../Cargo.toml" | head -1)
all=$packages/all
rm -rf "$all"
mkdir -p "$all"
# `upload-artifact` names a directory after the artifact. The package of JavaScript is in each of them, and
# must be the same.
for file in "$packages"/*/*; do
    name=${file##*/}
    case $file in
    "$all"/* | */SHA256SUMS) continue ;;
    esac
    if [ -e "$all/$name" ]; then
        cmp -s "$file" "$all/$name" || { echo "\`$name\` was built twice, with different bytes" >&2; exit 1; }
    fi
    cp "$file" "$all/$name"
done
cp "$here/install.sh" "$all"
(cd "$all" && sha256sum -- * >"$1/SHA256SUMS.new" && mv "$1/SHA256SUMS.new" SHA256SUMS)

# The formula, if the archives of all its platforms are there.
script="s/@VERSION@/$version/g"
for triple in $(sed -n 's/.*"@\(.*-.*\)@".*/\1/p' "$here/atk.rb.in"); do
    sum=$(sed -n "s/^\([0-9a-f]*\)  atk-$version-$triple\.tar\.gz$/\1/p" "$all/SHA256SUMS")
    [ -n "$sum" ] || { echo "no Homebrew formula: there is no archive for $triple"; script=; break; }
    script="$script;s/@$triple@/$sum/"
done
[ -z "$script" ] || sed "$script" "$here/atk.rb.in" >"$all/atk.rb"
cat "$all/SHA256SUMS"
