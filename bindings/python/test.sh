#!/bin/sh
# Builds the wheel and tries it: on every CPython of 3.10 or newer that is found, and against the
# type checkers. What it needs comes from the package index, and stays below the target directory.
#
#   test.sh <target directory>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
work=$target/python
if [ "${ATK_PYTHON-}" = none ]; then
    echo "ATK_PYTHON is none: the Python package is not tested"
    exit 0
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1

# A virtual environment of an interpreter, made anew where it is not what it was.
environment() {
    [ -x "$1/bin/python" ] && "$1/bin/python" -c '' 2>/dev/null || {
        rm -rf "$1"
        "$2" -m venv "$1"
    }
}

environment "$work/tools" python3
tools=$work/tools/bin
"$tools/pip" install --requirement "$here/requirements.txt"

cd "$here"
rm -rf "$work/wheels" "$work/stubs"
"$tools/maturin" build --quiet --locked --profile dev --features tests --target-dir "$target" --out "$work/wheels"
"$tools/maturin" generate-stubs --quiet --locked --features stubs,tests --target-dir "$target" --out "$work/stubs"
diff -u python/atk/_native.pyi "$work/stubs/atk/_native.pyi" || {
    echo "_native.pyi is not what the code says: copy the generated one, and look at the difference" >&2
    exit 1
}
wheel=$(ls "$work"/wheels/*.whl)

# Every interpreter once, whatever it is called.
found=$(
    for name in python3 python3.10 python3.11 python3.12 python3.13 python3.14 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python; do
        command -v "$name" >/dev/null 2>&1 || continue
        "$name" -c 'import sys, sysconfig
if sys.version_info >= (3, 10) and not sysconfig.get_config_var("Py_GIL_DISABLED"):
    print("%d.%d" % sys.version_info[:2], sys.executable)' 2>/dev/null || true
    done | sort -u -k1,1
)
[ -n "$found" ] || { echo "no CPython of 3.10 or newer was found" >&2; exit 1; }
tried=
for version in $(echo "$found" | cut -d' ' -f1); do
    interpreter=$(echo "$found" | sed -n "s/^$version //p")
    environment "$work/$version" "$interpreter"
    "$work/$version/bin/pip" install --force-reinstall --no-deps "$wheel"
    "$work/$version/bin/pip" install "$wheel"
    "$work/$version/bin/pip" install "$(grep '^pytest==' requirements.txt)"
    echo "CPython $version"
    "$work/$version/bin/python" -m pytest
    tried="$tried $version"
done

sh beside.sh "$tools/python" "$wheel" "$work"

"$tools/pip" install --force-reinstall --no-deps "$wheel"
"$tools/python" -m mypy --strict python/atk tests
(cd example && "$tools/python" -m mypy --strict team_tools.py fleet.py tests)
"$tools/pyright" --pythonpath "$tools/python" python/atk tests example
# The one module with a stub: the others say their types themselves.
(cd "$work" && "$tools/python" -m mypy.stubtest atk._native)

# The documentation of the package has no warnings.
"$tools/python" -m sphinx -q -W -E -b html -d "$work/doctrees" docs "$work/docs"

# What is published as source builds by itself.
rm -rf "$work/sdist"
"$tools/maturin" sdist --out "$work/sdist"
tar -xzf "$work"/sdist/atk_core-*.tar.gz -C "$work/sdist"
(cd "$work"/sdist/atk_core-*/ && "$tools/maturin" build --quiet --profile dev \
    --target-dir "$target" --out "$work/sdist/wheels")
[ -n "$(ls "$work"/sdist/wheels/*.whl)" ]
echo "the Python package works on CPython$tried"
