#!/bin/sh
# Looks for the programs that the tests use beside Rust, and says which are missing. As root on Debian
# it then installs them; elsewhere `--install` says how.
set -eu
install=${1-}
missing=
need() {
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need git git
need gcc gcc
need g++ g++
need make make
need nm binutils
need python3 python3-venv
need valgrind valgrind
need pkg-config pkg-config
need cmake cmake
need go golang-go
need node nodejs
need npm npm
need javac default-jdk-headless
need mvn maven
need ruby ruby
[ -x /usr/sbin/sshd ] || need sshd openssh-server
ruby -rffi -e '' 2>/dev/null || missing="$missing ruby-ffi"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "missing for the tests, will be installed by apt-get:$missing"
    apt-get update --quiet --quiet
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends $missing
else
    echo "the tests need these packages:$missing" >&2
    if [ "$install" = --install ]; then
        echo "only root on Debian can install them here; on Debian: sudo make setup" >&2
    else
        echo "help: sudo make setup" >&2
    fi
    exit 1
fi
