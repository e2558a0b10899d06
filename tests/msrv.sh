#!/bin/sh
# Checks that the workspace builds with the oldest Rust that Cargo.toml states, if that toolchain is
# installed. It installs nothing. Without the toolchain two checks remain: clippy's `incompatible_msrv`
# looks at the standard library, and a test (tests/cases/rust_version.rs) at the dependencies.
set -eu
cd "$(dirname "$0")/.."
oldest=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
case $(rustc --version) in
"rustc $oldest."*)
    echo "Rust $oldest is the toolchain in use: every build checks it"
    ;;
*)
    for toolchain in "$oldest" "$oldest.0"; do
        if cargo "+$toolchain" --version >/dev/null 2>&1; then
            cargo "+$toolchain" check --locked --workspace
            echo "the workspace builds with Rust $oldest"
            exit 0
        fi
    done
    echo "Rust $oldest is not installed: the build with it is not checked"
    echo "help: rustup toolchain install $oldest --profile minimal"
    ;;
esac
