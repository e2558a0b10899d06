#!/bin/sh
# What the package adds to the library's own time, with the wheel that `make python-wheel` made.
#
#   bench.sh <target directory>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1/python
rm -rf "$work/bench"
python3 -m venv "$work/bench"
"$work/bench/bin/pip" install --quiet --no-deps "$work"/release/*.whl
"$work/bench/bin/python" "$here/bench.py"
