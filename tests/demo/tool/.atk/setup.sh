#!/bin/sh
set -eu
mkdir -p data
echo "prepared data/"
