#!/bin/sh
# The service, in the foreground. Replace the loop by your program.
trap 'kill $! 2>/dev/null; exit 0' INT TERM
while :; do
  echo "$(date): running"
  sleep 60 &
  wait $!
done
