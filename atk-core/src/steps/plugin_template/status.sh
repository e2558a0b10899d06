#!/bin/sh
# Exits with 0 while the service runs.
cd "$(dirname "$0")" || exit 1
[ -f run/service.pid ] || exit 1
# After a restart of the machine, the number may be that of another process.
ps -p "$(cat run/service.pid)" -o stat= -o args= 2>/dev/null | grep -v '^Z' | grep -q '{pattern}'
