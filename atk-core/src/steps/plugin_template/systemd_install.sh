#!/bin/sh
# Puts the unit where systemd looks for those of the user.
set -eu
units="${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user"
mkdir -p "$units"
# In a unit `%` is written twice; in the replacement of sed `\`, `&` and `|` have a meaning.
directory=$(printf '%s' "$ATK_PLUGIN_DIR" | sed 's/%/%%/g; s/[\\&|]/\\&/g')
sed "s|@DIRECTORY@|$directory|g" {unit} >"$units/{unit}"
# Systemd reads the units of the user when it starts; only one that runs must be told.
if systemctl --user show-environment >/dev/null 2>&1; then
  systemctl --user daemon-reload
fi
