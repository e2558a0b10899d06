#!/bin/sh
set -eu
mkdir -p data
echo 2 > data/version
echo "prepared data/ for version 2"
