"""Brings several homes to this machine, each from its repository, and reports as JSON and Markdown.

    python fleet.py fleet.json report.json report.md

`fleet.json` lists the homes. `env` names the variables that are passed on from the environment of this
program, so that no secret is in the file:

    {"homes": [{"name": "build", "path": "/srv/build/.atk", "repository": "git@example.com:me/build.git",
                "env": ["TOKEN"], "trust": ["github.com/my-org/"]}]}

It can be repeated. The exit status is 1 if anything failed; a home that fails stops no other.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import atk

AT_ONCE = 4


@dataclass(frozen=True)
class Wanted:
    """A home that should be on this machine."""

    name: str
    path: str
    repository: str
    env: Sequence[str] = ()
    trust: Sequence[str] = ()


@dataclass(frozen=True)
class Result:
    """What became of a home."""

    name: str
    path: str
    cloned: bool = False
    ready: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    """The pins of the plugins that are installed, by directory."""
    failed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """The errors of the others, by directory."""
    warnings: Sequence[str] = ()
    error: Mapping[str, Any] | None = None
    """The error, if the home could not be brought up; otherwise None."""

    @property
    def ok(self) -> bool:
        return self.error is None and not self.failed


def bootstrap(wanted: Wanted, environment: Mapping[str, str]) -> Result:
    """Brings one home to this machine."""
    env = {name: environment[name] for name in wanted.env if name in environment}
    home = atk.Home(wanted.path)
    try:
        report = home.bootstrap(wanted.repository, env=env, trust=wanted.trust, yes=True)
        pins = {plugin.directory: plugin.source.pin for plugin in home.list()}
    except atk.AtkError as error:
        return Result(wanted.name, wanted.path, error=error.as_dict())
    return Result(
        wanted.name,
        wanted.path,
        report.cloned,
        {directory: pins.get(directory) for directory in report.done},
        {directory: error.as_dict() for directory, error in report.failed.items()},
        report.warnings,
    )


def bootstrap_all(fleet: Sequence[Wanted], environment: Mapping[str, str]) -> list[Result]:
    """Brings all homes to this machine, some at a time: an operation does not hold the interpreter."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(partial(bootstrap, environment=environment), fleet))


def as_json(results: Sequence[Result]) -> str:
    homes = [{**vars(result), "ok": result.ok} for result in results]
    return json.dumps({"ok": all(result.ok for result in results), "homes": homes}, indent=2) + "\n"


def as_markdown(results: Sequence[Result]) -> str:
    """Returns a table with a line for each plugin."""
    lines = ["# Fleet", "", "| home | plugin | state | detail |", "|---|---|---|---|"]
    for result in results:
        if result.error is not None:
            lines.append(f"| {result.name} | | **no home** | {_cell(result.error['message'])} |")
        for directory, pin in result.ready.items():
            lines.append(f"| {result.name} | {directory} | ready | {(pin or 'local')[:10]} |")
        for directory, error in result.failed.items():
            lines.append(f"| {result.name} | {directory} | **failed** | {_cell(error['message'])} |")
        for warning in result.warnings:
            lines.append(f"| {result.name} | | warning | {_cell(warning)} |")
    failed = sum(not result.ok for result in results)
    lines += ["", f"{len(results)} homes, {failed} with failures"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def main(words: Sequence[str]) -> int:
    if len(words) != 3:
        print("usage: fleet.py fleet.json report.json report.md", file=sys.stderr)
        return 2
    document = json.loads(Path(words[0]).read_text())
    results = bootstrap_all([Wanted(**one) for one in document["homes"]], os.environ)
    Path(words[1]).write_text(as_json(results))
    Path(words[2]).write_text(as_markdown(results))
    return 0 if all(result.ok for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
