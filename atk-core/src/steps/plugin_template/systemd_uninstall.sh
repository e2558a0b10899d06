#!/bin/sh
# Undoes install.sh.
set -eu
units="${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user"
rm -f "$units/{unit}"
if systemctl --user show-environment >/dev/null 2>&1; then
  systemctl --user daemon-reload
fi
