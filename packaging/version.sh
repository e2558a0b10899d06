#!/bin/sh
# Checks that every face states one version, and that a tag, if one is given, is that of this version.
#
#   version.sh [<tag>]
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
tag=${1-}
[ -z "$tag" ] || [ "$tag" = "v$version" ] || {
    echo "the tag is $tag, and the version of Cargo.toml is $version" >&2
    exit 1
}
# What the lock file says of the workspace; the other files are generated from Cargo.toml.
for crate in atk-cli atk-core atk-ffi atk-node atk-python; do
    grep -A1 "^name = \"$crate\"$" Cargo.lock | grep -q "^version = \"$version\"$" || {
        echo "Cargo.lock has another version of $crate" >&2
        echo "help: make version VERSION=$version" >&2
        exit 1
    }
done
if [ -n "$tag" ]; then
    grep -q "^## \[$version\]" CHANGELOG.md || { echo "CHANGELOG.md has no section \`## [$version]\`" >&2; exit 1; }
fi
echo "the version is $version"
