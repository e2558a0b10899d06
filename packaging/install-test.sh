#!/bin/sh
# Runs the install script, and what the Homebrew formula says, against a server on the loopback that serves the
# archive of one Rust target.
#
#   install-test.sh <target directory> <Rust target>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
packages=$1/release-packages/$2
scratch=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM
mkdir "$scratch/served" "$scratch/user"
cp "$packages"/* "$here/install.sh" "$scratch/served"
(cd "$scratch/served" && exec timeout 120 python3 -u -m http.server --bind 127.0.0.1 0 >"$scratch/log" 2>&1) &
server=$!
port=
waited=0
while [ -z "$port" ]; do
    port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$scratch/log" 2>/dev/null || true)
    waited=$((waited + 1))
    [ "$waited" -lt 100 ] || { echo "the server did not start" >&2; exit 1; }
    sleep 0.1
done
export HOME="$scratch/user" ATK_BASE_URL="http://127.0.0.1:$port"
fetch() {
    curl -fsS "$ATK_BASE_URL/install.sh"
}
# Expects that the installation fails with the text `$1`, and changes nothing.
refused() {
    if fetch | sh >"$scratch/output" 2>&1; then
        echo "it was installed, without \`$1\`" >&2
        exit 1
    fi
    grep -q "$1" "$scratch/output" || { cat "$scratch/output" >&2; exit 1; }
    [ -z "$(ls -A "$HOME")" ] || { echo "something was installed: $1" >&2; exit 1; }
}

# A byte of the archive is changed; the archive is missing; the list is missing; half of the script arrives.
archive=$(cd "$packages" && echo atk-*.tar.gz)
printf x >>"$scratch/served/$archive"
refused "checksum of .$archive. is"
rm "$scratch/served/$archive"
refused "cannot download"
cp "$packages/$archive" "$scratch/served"
ATK_VERSION=9.9.9 refused "not version 9.9.9"
mv "$scratch/served/SHA256SUMS" "$scratch/SHA256SUMS"
refused "cannot download"
mv "$scratch/SHA256SUMS" "$scratch/served/SHA256SUMS"
fetch | head -c 3000 | sh >/dev/null 2>&1 || true
[ -z "$(ls -A "$HOME")" ] || { echo "half of the script installed something" >&2; exit 1; }
(
    ATK_BASE_URL=http://example.com
    export ATK_BASE_URL
    if sh "$here/install.sh" 2>"$scratch/output"; then exit 1; fi
    grep -q "not an https URL" "$scratch/output"
)

fetch | sh
"$HOME/.local/bin/atk" --version
[ -f "$HOME/.local/share/man/man1/atk-add.1" ]
# Again, over what is there.
fetch | sh >/dev/null
[ "$(find "$HOME" -type f | grep -cv '/man1/')" -eq 1 ] || { find "$HOME" >&2; exit 1; }
echo "the install script works, and refuses what it must"

# The formula with the checksum of this archive; those of other systems are not looked at.
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../Cargo.toml" | head -1)
sum=$(sed -n "s/  $archive\$//p" "$packages/SHA256SUMS")
sed -e "s/@VERSION@/$version/g" -e "s/@$2@/$sum/" "$here/atk.rb.in" >"$scratch/atk.rb"
ruby "$here/formula-test.rb" "$scratch/atk.rb" "$ATK_BASE_URL" "$scratch/brew"
sed -e "s/@VERSION@/$version/g" -e "s/@$2@/0$sum/" "$here/atk.rb.in" >"$scratch/atk.rb"
if ruby "$here/formula-test.rb" "$scratch/atk.rb" "$ATK_BASE_URL" "$scratch/other" 2>"$scratch/output"; then exit 1; fi
grep -q "the checksum of" "$scratch/output"
