#!/bin/sh
# Stops the service, and returns when it has ended.
set -eu
cd "$(dirname "$0")"
tries=0
while ./status.sh; do
  pid=$(cat run/service.pid)
  tries=$((tries + 1))
  if [ "$tries" -le 10 ]; then kill "$pid"; else kill -9 "$pid"; fi 2>/dev/null || true
  sleep 1
done
rm -f run/service.pid
