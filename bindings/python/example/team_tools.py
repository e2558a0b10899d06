"""Keeps the plugins of a team in step: adds what is missing, and upgrades what was reviewed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

import atk


def add_missing(home: atk.Home, sources: Sequence[str], env: Mapping[str, str]) -> list[str]:
    """Adds the plugins that the home does not have, and returns their directories."""
    there = {plugin.directory for plugin in home.list()}
    added: list[str] = []
    for source in sources:
        if source not in there:
            added.append(home.add(source, env=env, trust=["*"]).directory)
    return added


def upgrade_reviewed(
    home: atk.Home, review: Callable[[atk.UpgradePlan], bool]
) -> tuple[list[str], dict[str, str]]:
    """Upgrades the plugins whose plan was approved, exactly as it was shown.

    Returns the directories of the upgraded plugins, and the errors of the others by directory.
    """
    upgraded: list[str] = []
    failed: dict[str, str] = {}
    for directory, plan in home.plan_upgrade().done.items():
        if review(plan):
            try:
                home.upgrade(plan=plan, yes=True)
                upgraded.append(directory)
            except atk.PlanOutdatedError as error:
                failed[directory] = f"changed since it was reviewed: {error}"
            except atk.AtkError as error:
                failed[directory] = str(error)
    return upgraded, failed


def describe(home: atk.Home, plugin: str) -> str:
    """Returns a line about a plugin."""
    shown = home.show(plugin)
    unset = [one.name for one in shown.variables if one.required and not one.is_set]
    return f"{shown.name}: {shown.state}" + (f", needs {', '.join(unset)}" if unset else "")


def main() -> None:
    """Adds what the command line names, and lists everything."""
    home = atk.Home.init()
    add_missing(home, sys.argv[1:], {})
    for plugin in home.list():
        print(describe(home, plugin.directory))


if __name__ == "__main__":
    main()
