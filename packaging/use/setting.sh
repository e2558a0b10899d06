# Makes what the programs of this directory work on: a git repository with a plugin. Sourced; the
# working directory is a new one.
HOME=$PWD/user
export HOME GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME" weather/.atk
git config --global user.name User
git config --global user.email user@example.com
git config --global init.defaultBranch main
cat >weather/.atk/plugin.yaml <<'END'
schema_version: "2026-01-23"
name: Weather
description: Says what the weather is
lifecycle:
  install: echo sunny > weather.txt
  uninstall: rm -f weather.txt
END
git -C weather init --quiet
git -C weather add .
git -C weather commit --quiet --message "Publish"
SOURCE=file://$PWD/weather
export SOURCE
