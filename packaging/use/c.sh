#!/bin/sh
# Compiles a program against the C library unpacked in `$1`, shared and static, and runs it in `$2`.
set -eu
library=$1
use=$(cd "${0%/*}" && pwd)
mkdir -p "$2"
cd "$2"
# shellcheck source=packaging/use/setting.sh
. "$use/setting.sh"
export PKG_CONFIG_PATH="$library/lib/pkgconfig"
# shellcheck disable=SC2046
${CC:-gcc} -Wall -Werror "$use/program.c" $(pkg-config --cflags --libs atk) -o shared
# shellcheck disable=SC2046
${CC:-gcc} -Wall -Werror "$use/program.c" $(pkg-config --cflags atk) "$library/lib/libatk.a" -lgcc_s -lpthread -lm -ldl -o static
LD_LIBRARY_PATH=$library/lib ${RUN-} ./shared "$PWD/home-shared" "$SOURCE"
${RUN-} ./static "$PWD/home-static" "$SOURCE"
