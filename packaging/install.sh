#!/bin/sh
# Installs the command `atk` for the current user:
#
#   curl --proto '=https' --tlsv1.2 -fsSL https://github.com/Svtoo/atk/releases/latest/download/install.sh | sh
#
# It downloads the archive of this system and its checksum, compares them, and puts the command and its manual
# pages in place. Nothing is changed before the checksum has been compared. To remove it, delete these files.
#
#   ATK_VERSION       the version, such as 0.1.0; the newest if it is not set
#   ATK_INSTALL_DIR   where the command is put; ~/.local/bin if it is not set
#   ATK_MAN_DIR       where the manual pages are put; ~/.local/share/man/man1 if it is not set
#   ATK_BASE_URL      where the archives are, for a mirror
set -eu

fail() {
    echo "error: $1" >&2
    [ -z "${2-}" ] || echo "help: $2" >&2
    exit 1
}

# Downloads `$1` into the file `$2`.
download() {
    case $1 in
    https://* | http://127.0.0.1:* | http://localhost:*) ;;
    *) fail "\`$1\` is not an https URL" ;;
    esac
    if command -v curl >/dev/null 2>&1; then
        curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"
    elif command -v wget >/dev/null 2>&1; then
        wget --quiet --tries=3 --output-document="$2" "$1"
    else
        fail "neither curl nor wget was found" "install one of them"
    fi || fail "cannot download \`$1\`"
}

# The Rust target of this system.
platform() {
    case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no archive for the processor \`$(uname -m)\`" "build it: cargo install atk-cli" ;;
    esac
    case $(uname -s) in
    Darwin) echo "$machine-apple-darwin" ;;
    Linux)
        # musl has no getconf variable of this name.
        if glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null) && newer_than_2_16 "${glibc#glibc }"; then
            echo "$machine-unknown-linux-gnu"
        else
            echo "$machine-unknown-linux-musl"
        fi
        ;;
    *) fail "there is no archive for the system \`$(uname -s)\`" "ATK runs on Linux and macOS" ;;
    esac
}

newer_than_2_16() {
    major=${1%%.*} minor=${1#*.}
    minor=${minor%%.*}
    [ "$major" -gt 2 ] || [ "$minor" -ge 17 ]
}

checksum() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum "$1" | cut -d' ' -f1
    else
        shasum -a 256 "$1" | cut -d' ' -f1
    fi
}

main() {
    releases=https://github.com/Svtoo/atk/releases
    if [ -n "${ATK_VERSION-}" ]; then
        base=${ATK_BASE_URL:-$releases/download/v$ATK_VERSION}
    else
        base=${ATK_BASE_URL:-$releases/latest/download}
    fi
    bin=${ATK_INSTALL_DIR:-$HOME/.local/bin}
    man=${ATK_MAN_DIR:-$HOME/.local/share/man/man1}
    target=$(platform)
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    trap 'exit 130' INT TERM

    download "$base/SHA256SUMS" "$scratch/SHA256SUMS"
    line=$(grep -E "^[0-9a-f]{64}  atk-[0-9][0-9A-Za-z.+-]*-$target\.tar\.gz\$" "$scratch/SHA256SUMS") ||
        fail "\`$base/SHA256SUMS\` does not list an archive for $target"
    [ "$(echo "$line" | wc -l)" -eq 1 ] || fail "\`$base/SHA256SUMS\` lists several archives for $target"
    expected=${line%% *}
    archive=${line##* }
    if [ -n "${ATK_VERSION-}" ] && [ "$archive" != "atk-$ATK_VERSION-$target.tar.gz" ]; then
        fail "\`$base\` has \`$archive\`, not version $ATK_VERSION"
    fi
    download "$base/$archive" "$scratch/$archive"
    actual=$(checksum "$scratch/$archive")
    [ "$actual" = "$expected" ] || fail "the checksum of \`$archive\` is $actual, not $expected; nothing was installed" \
        "download again; if the checksums still differ, report it"

    tar -xzf "$scratch/$archive" -C "$scratch"
    files=$scratch/${archive%.tar.gz}
    "$files/atk" --version >/dev/null || fail "\`$archive\` does not run on this system"
    mkdir -p "$bin" "$man"
    # A running `atk` keeps its file: the new one takes its name.
    cp "$files/atk" "$bin/.atk.new"
    mv "$bin/.atk.new" "$bin/atk"
    cp "$files"/man/man1/*.1 "$man"
    echo "installed $("$bin/atk" --version) as $bin/atk"
    case :$PATH: in
    *":$bin:"*) ;;
    *) echo "help: $bin is not in PATH; add it in the start file of your shell" ;;
    esac
    command -v git >/dev/null 2>&1 || echo "help: git was not found; ATK needs it for the plugins of git repositories"
    echo "help: \`atk completions <shell>\` prints completions; \`atk init\` creates a home"
}

# The last line: a script that was cut off while it was downloaded does nothing.
main
