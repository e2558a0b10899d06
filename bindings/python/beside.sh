#!/bin/sh
# Installs and removes the wheel beside `atk-cli`, in both orders: importing `atk` explains what is
# wrong, and the commands of the message help.
#
#   beside.sh <python> <wheel> <directory for what is made>
set -eu
python=$1 wheel=$2 work=$3/beside
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1
rm -rf "$work"
mkdir -p "$work"
"$python" -m pip download --no-deps --dest "$work" 'atk-cli==0.4.0'
other=$(echo "$work"/atk_cli-*.whl)
"$python" -m venv "$work/venv"
bin=$work/venv/bin
pip() {
    "$bin/python" -m pip "$@"
}
# What the import says, in both spellings: an error that names `$1` and the way out.
refused() {
    for import in 'import atk' 'from atk import Home' 'import atk.aio'; do
        if "$bin/python" -c "$import" 2>"$work/error"; then
            echo "\`$import\` works" >&2
            exit 1
        fi
        grep -q "$1" "$work/error" && grep -q 'pip uninstall --yes atk-cli atk-core' "$work/error" || {
            cat "$work/error" >&2
            exit 1
        }
    done
}
works() {
    "$bin/python" -c 'import atk, atk.aio; atk.Home' && "$bin/atk" --version >/dev/null
}

pip install --no-deps "$other"
pip install --no-deps "$wheel"
refused 'both installed'
# The other package alone is not hindered.
pip uninstall --yes atk-core
pip install --force-reinstall --no-deps "$other"
"$bin/python" -c 'import atk.exit_codes'

pip uninstall --yes atk-cli
pip install --no-deps "$wheel"
works
pip install --no-deps "$other"
refused 'both installed'
pip uninstall --yes atk-cli
refused 'are missing'
# The way out, as the message has it.
pip uninstall --yes atk-core
pip install --no-deps "$wheel"
works
pip uninstall --yes atk-core
left=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
[ -z "$(find "$left" -iname '*atk*')" ] || { echo "files are left in $left" >&2; exit 1; }
rm -rf "$work"
echo "beside atk-cli, importing is refused, and says what to do"
