#!/bin/sh
# Builds the library and writes the sources for a language, ready to be built, into a directory.
#
#   generate.sh kotlin|ruby|swift <directory>
#
# The generator must be of exactly the version of uniffi that the library has: the workspace's.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
language=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../target}
profile=${ATK_PROFILE:-debug}
cd "$here"
case $profile in
# With the tests, the features are those of what is built already.
debug) cargo build --locked --quiet --package atk-uniffi --package atk-tests --lib ;;
release) cargo build --locked --quiet --release --package atk-uniffi --lib --config 'profile.release.strip="debuginfo"' ;;
*) echo "ATK_PROFILE is debug or release" >&2; exit 2 ;;
esac
cargo build --locked --quiet --package atk-uniffi-bindgen
case $(uname) in
Darwin) library=libatk_uniffi.dylib platform=darwin ;;
*) library=libatk_uniffi.so platform=linux ;;
esac
# Symbols hold what the generator reads: a library that is to be stripped is stripped afterwards.
generate() {
    "$target/debug/uniffi-bindgen" generate "$target/$profile/$library" \
        --language "$language" --out-dir "$1" --config uniffi.toml --no-format
}
case $language in
kotlin)
    case $(uname -m) in
    x86_64) platform=$platform-x86-64 ;;
    arm64 | aarch64) platform=$platform-aarch64 ;;
    esac
    rm -rf "$out/generated" "$out/raw" "$out/resources"
    generate "$out/raw"
    # The message of an exception is what failed, not all the fields of what is known.
    mkdir -p "$out/generated"
    find "$out/raw" -name '*.kt' | while read -r source; do
        sed -e 's|get() = "failure=${ `*failure`* }"|get() = failure.text|' \
            -e 's|get() = "reason=${ `*reason`* }"|get() = reason|' \
            "$source" >"$out/generated/$(basename "$source")"
    done
    rm -r "$out/raw"
    grep -q 'get() = failure.text' "$out"/generated/*.kt
    grep -q 'get() = reason' "$out"/generated/*.kt
    mkdir -p "$out/resources/$platform"
    cp "$target/$profile/$library" "$out/resources/$platform/"
    ;;
ruby)
    rm -rf "$out/lib"
    generate "$out/lib/atk"
    # The library lies beside the source, wherever the gem is.
    sed "s|^  ffi_lib 'atk_uniffi'|  ffi_lib File.join(__dir__, '$library')|" \
        "$out/lib/atk/atk.rb" >"$out/lib/atk/generated.rb"
    grep -q "ffi_lib File.join" "$out/lib/atk/generated.rb"
    rm "$out/lib/atk/atk.rb"
    cp "$target/$profile/$library" "$out/lib/atk/"
    cp "$here/ruby/lib/atk.rb" "$out/lib/"
    cp "$here"/ruby/lib/atk/*.rb "$out/lib/atk/"
    cp "$here/ruby/atk.gemspec" "$out/"
    ;;
swift)
    rm -rf "$out/Sources"
    generate "$out/generated"
    mkdir -p "$out/Sources/Atk" "$out/Sources/AtkFFI"
    mv "$out"/generated/*.swift "$out/Sources/Atk/"
    mv "$out"/generated/*.h "$out/Sources/AtkFFI/"
    mv "$out"/generated/*.modulemap "$out/Sources/AtkFFI/module.modulemap"
    cp "$here/swift/Package.swift" "$out/"
    cp "$target/$profile/libatk_uniffi.a" "$out/"
    rm -r "$out/generated"
    ;;
esac
