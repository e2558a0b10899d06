#!/bin/sh
# The main job, end to end: a plugin from a registry, from any git repository and from a directory;
# an upgrade that leaves alone what is the user's; the same home on a new machine; a removal.
#
# Everything happens in a scratch directory and on the loopback, and nothing is left behind.
# ATK_BIN and ATK_GIT_SERVER name the two binaries; `make demo` builds them.
set -eu

# No configuration and no variable of the user's takes part.
if [ -z "${ATK_DEMO_CLEAN-}" ]; then
    exec env -i ATK_DEMO_CLEAN=1 PATH="$PATH" TMPDIR="${TMPDIR:-/tmp}" TERM="${TERM:-dumb}" \
        ATK_BIN="$ATK_BIN" ATK_GIT_SERVER="$ATK_GIT_SERVER" sh "$0"
fi
samples=$(cd "$(dirname "$0")/demo" && pwd)
scratch=$(mktemp -d "$TMPDIR/atk-demo.XXXXXX")
server=
finish() {
    # The server ends when its standard input does.
    exec 3>&-
    [ -z "$server" ] || wait "$server" || true
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM

mkdir "$scratch/bin" "$scratch/repos"
ln -s "$ATK_BIN" "$scratch/bin/atk"
PATH="$scratch/bin:$PATH"
export PATH HOME="$scratch" GIT_CONFIG_NOSYSTEM=1 ATK_CACHE_DIR="$scratch/cache"
git config --global init.defaultBranch main
git config --global user.name "Plugin Author"
git config --global user.email author@example.com
cd "$scratch"

# Shows a command as it is typed, and runs it.
run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

# Makes a repository of a directory of samples, to be served.
publish() {
    cp -R "$samples/$1" "$scratch/$1"
    git -C "$scratch/$1" init --quiet
    git -C "$scratch/$1" add .
    git -C "$scratch/$1" commit --quiet --message "Publish the $1"
    git clone --quiet --bare "$scratch/$1" "$scratch/repos/$1.git"
    rm -rf "${scratch:?}/$1"
}
# Changes a file of a published repository.
change() {
    git clone --quiet "$scratch/repos/$1.git" "$scratch/$1"
    cp "$samples/newer/$2" "$scratch/$1/$3"
    git -C "$scratch/$1" commit --quiet --all --message "Change $3"
    git -C "$scratch/$1" push --quiet origin HEAD
    rm -rf "${scratch:?}/$1"
}
publish registry
publish tool
cp -R "$samples/my-skill" "$scratch/my-skill"

# A minute is more than all of it takes: the server ends even if this script is killed.
mkfifo "$scratch/hold"
"$ATK_GIT_SERVER" "$scratch/repos" --for 60 <"$scratch/hold" >"$scratch/address" &
server=$!
exec 3>"$scratch/hold"
waited=0
until [ -s "$scratch/address" ]; do
    waited=$((waited + 1))
    [ "$waited" -lt 100 ] || { echo "the git server did not start" >&2; exit 1; }
    sleep 0.1
done
url=$(cat "$scratch/address")
echo "A git server with a registry and a tool: $url"

run export ATK_REGISTRY_URL="${url}registry.git"
run atk init
run atk add greeter --env GREETER_NAME=World --env GREETER_TOKEN=s3cret
run atk add notes
run atk add "${url}tool.git" --trust "$url"
run atk add ./my-skill
run atk list
run cat .atk/plugins/greeter/greeting.txt
run cat .atk/manifest.yaml
run git -C .atk log --oneline
run git -C .atk status --short

# What was shown is also checked.
[ "$(cat .atk/plugins/greeter/greeting.txt)" = "Hello, World!" ]
[ "$(git -C .atk log --oneline | wc -l)" -eq 5 ]
[ -z "$(git -C .atk status --porcelain)" ]
[ -x .atk/plugins/weather/setup.sh ] && [ ! -e .atk/plugins/weather/src ]
if git -C .atk log -p --all | grep s3cret; then
    echo "the secret was committed" >&2
    exit 1
fi

printf '\n--- The author of the tool publishes a new version, and you have made it yours meanwhile ---\n'
mkdir -p .atk/plugins/weather/custom
run cp "$samples/newer/overrides.yaml" .atk/plugins/weather/custom/overrides.yaml
run cp "$samples/newer/forecast.sh" .atk/plugins/weather/custom/forecast.sh
git -C .atk add . && git -C .atk commit --quiet --message "My forecast"
change tool setup.sh .atk/setup.sh
run atk upgrade --all --dry-run
plan=$(atk upgrade --all --dry-run --json | sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p')
# Exactly what was shown, whatever the author publishes meanwhile.
run atk upgrade --all --plan "$plan" --trust "$url"
run atk run weather forecast
run atk mcp weather
run atk status

printf '\n--- A new machine: clone the home, and two commands bring everything back ---\n'
mv .atk old-machine
rm -rf cache
run git clone --quiet old-machine .atk
run atk setup --all --env GREETER_NAME=Laptop
run atk install --all
run atk list

printf '\n--- A plugin goes ---\n'
run atk remove weather --force
run git -C .atk log --oneline -3

[ "$(cat .atk/plugins/greeter/greeting.txt)" = "Hello, Laptop!" ]
[ ! -e .atk/plugins/weather ]
[ -z "$(git -C .atk status --porcelain)" ]
printf '\nDone: added, upgraded, brought to a new machine, removed; each change a commit of the home.\n'
