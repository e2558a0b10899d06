#!/bin/sh
# Uses the command `$1` in the directory `$2`: init, add, list, remove.
set -eu
atk=$1
use=$(cd "${0%/*}" && pwd)
mkdir -p "$2"
cd "$2"
# shellcheck source=packaging/use/setting.sh
. "$use/setting.sh"
"$atk" init
"$atk" add "$SOURCE" --yes
[ "$(cat user/.atk/plugins/weather/weather.txt)" = sunny ]
"$atk" list | grep -q '^weather .*ready'
"$atk" remove weather --yes
[ ! -e user/.atk/plugins/weather ]
[ "$(git -C user/.atk log --oneline | wc -l)" -eq 3 ]
echo "the command works: $("$atk" --version)"
