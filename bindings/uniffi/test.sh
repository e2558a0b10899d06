#!/bin/sh
# Generates the sources for each language, and tries them: Ruby with the system's, Kotlin with
# Maven; of Swift the C header is checked by a C compiler.
#
#   test.sh <target directory> [ruby|kotlin|swift|ruby-library|kotlin-classes…]
#
# `ruby-library` and `kotlin-classes` only build what programs need, unless it is built.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
shift
[ $# -gt 0 ] || set -- swift ruby kotlin
if [ "${ATK_UNIFFI-}" = none ]; then
    echo "ATK_UNIFFI is none: the packages for Kotlin, Ruby and Swift are not tested"
    exit 0
fi
cargo build --locked --quiet --package atk-tests --bin atk-git-server
export CARGO_TARGET_DIR="$target" ATK_GIT_SERVER="$target/debug/atk-git-server"

# The example of the README in a language, as a file.
example() {
    mkdir -p "$(dirname "$2")"
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$here/README.md" | sed '/^```/d' >"$2"
    [ -s "$2" ] || { echo "README.md has no example in $1" >&2; exit 1; }
}

for language; do
    out=$target/uniffi/${language%%-*}
    "$here/generate.sh" "${language%%-*}" "$out"
    case $language in
    swift)
        # gcc does not know nullability.
        echo '#include "AtkFFI.h"' | ${CC:-gcc} -D_Nonnull= -D_Nullable= -Wall -Werror -fsyntax-only \
            -I "$out/Sources/AtkFFI" -x c -
        ;;
    ruby)
        example ruby "$out/example/example.rb"
        # What goes wrong between Ruby's lock and a callback would hang for good.
        ATK_EXAMPLE="$out/example/example.rb" timeout -s KILL 300 \
            ruby -I "$out/lib" -I "$here/ruby/test" \
            -e 'Dir[File.join(ARGV.shift, "test_*.rb")].sort.each { |file| require file }' "$here/ruby/test"
        ;;
    kotlin*)
        example kotlin "$out/example/Example.kt"
        sources=$(find "$here/kotlin" "$here/../../tests/conformance/drivers/kotlin" "$out/generated" "$out/example" \
            -type f -exec cksum {} + | sort | cksum)
        goal=test
        if [ "$language" = kotlin-classes ]; then
            [ "$(cat "$out/compiled" 2>/dev/null)" != "$sources" ] || continue
            goal=test-compile
        fi
        # Without its daemon: that would outlive the test by hours.
        timeout -s KILL 900 mvn --quiet --batch-mode --file "$here/kotlin/pom.xml" -Datk.out="$out" \
            -Dkotlin.compiler.daemon=false "$goal"
        echo "$sources" >"$out/compiled"
        ;;
    esac
    [ "${language#*-}" != "$language" ] || echo "uniffi: $language is well"
done
