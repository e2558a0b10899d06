#!/bin/sh
# Packs what is published as source: the crates, each compiled from what was packed, and the source
# distribution of the Python package.
#
#   sources.sh <target directory>
set -eu
cd "$(dirname "$0")/.."
target=$1
out=$target/release-packages/sources
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
rm -rf "$out"
mkdir -p "$out"
# ATK_VERIFY=--no-verify leaves the compiling out.
# shellcheck disable=SC2086
cargo package --quiet --locked --allow-dirty ${ATK_VERIFY-} --target-dir "$target" \
    --package atk-core --package atk-cli --package atk-ffi
for crate in atk-core atk-cli atk-ffi; do
    cp "$target/package/$crate-$version.crate" "$out"
done
(cd bindings/python && "$target/release-tools/venv/bin/maturin" sdist --out "$out")
ls -l "$out"
