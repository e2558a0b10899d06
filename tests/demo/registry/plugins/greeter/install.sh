#!/bin/sh
set -eu
echo "Hello, $GREETER_NAME!" > greeting.txt
echo "wrote $(pwd -P | sed 's|.*/plugins/|plugins/|')/greeting.txt"
