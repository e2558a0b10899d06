#!/bin/sh
# The service, in the foreground: the MCP server.
cd "$(dirname "$0")"
exec python3 ./server.py {port}
