#!/bin/sh
# Starts the service in the background. It must return: ATK waits for it.
set -eu
cd "$(dirname "$0")"
if ./status.sh; then exit 0; fi
mkdir -p run
# What the service writes stays out of git.
echo '*' >run/.gitignore
nohup ./service.sh >>run/service.log 2>&1 </dev/null &
echo $! >run/service.pid
sleep 1
if ! ./status.sh; then
  echo "the service has ended at once:" >&2
  tail -n 20 run/service.log >&2
  exit 1
fi
