#!/bin/sh
# Starts the container. It must return: ATK waits for it. `-e NAME` passes a variable on.
set -eu
docker rm -f {container} >/dev/null 2>&1 || true
docker run -d --name {container} --restart unless-stopped \
{more}  -v "$ATK_PLUGIN_DIR/{program}:/plugin/{program}:ro" \
  {image} {words}
