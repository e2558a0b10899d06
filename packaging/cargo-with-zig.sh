#!/bin/sh
# The `cargo` of maturin: what it compiles is linked by zig, as cargo-zigbuild does it for the other packages,
# so that the libraries that all of them need are compiled once. ATK_GLIBC is the oldest glibc, such as `.2.17`.
set -eu
[ "${1-}" = rustc ] || exec "${ATK_CARGO:-cargo}" "$@"
previous=
for word in "$@"; do
    shift
    [ "$previous" != --target ] || word=$word${ATK_GLIBC-}
    previous=$word
    set -- "$@" "$word"
done
unset CARGO
exec cargo-zigbuild "$@"
