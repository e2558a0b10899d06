#!/bin/sh
# The official Python client of MCP speaks with a real server through `atk exec`. Downloads both.
#
#   run.sh <target directory>
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
tools=$target/agents
test -x "$tools/bin/python" || python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
atk=$target/debug/atk
mkdir -p "$work/user" "$work/seen"
cp "$here/server.py" "$work/seen/"
cat >"$work/seen/plugin.yaml" <<END
schema_version: '2026-01-23'
name: Seen
description: a server for a test
env_vars: [{name: TOKEN, required: true, secret: true}]
mcp: {transport: stdio, command: $tools/bin/python, args: [server.py], env: [TOKEN]}
END
export HOME="$work/user"
unset ATK_HOME TOKEN
"$atk" --home "$work/home" init >"$work/log"
"$atk" --home "$work/home" add -y "$work/seen" --env TOKEN=s3cret >>"$work/log" 2>&1
"$tools/bin/python" "$here/client.py" "$atk" "$work/home"
