"""Fixtures for pytest, and what they are made of: for tests of programs that use ATK.

In the `conftest.py` of a project::

    pytest_plugins = ["atk.testing"]

Every fixture keeps a test away from the machine that it runs on: the home, the cache, the user's
configuration and the registry are below the test's `tmp_path`, also for a program that calls
`atk.Home()` without a path, and for the command `atk`. Nothing is fetched from the network.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ._home import Home

SCHEMA = "2026-01-23"
"""The version of the formats of `plugin.yaml` and `index.yaml`."""

__all__ = ["PluginFactory", "Registry", "atk_home", "atk_isolation", "atk_plugins", "atk_registry"]


class PluginFactory:
    """Makes plugins, as directories and as git repositories."""

    def __init__(self, root: Path) -> None:
        """Makes plugins below a directory."""
        self.root = root

    def local(
        self,
        name: str,
        *,
        files: Mapping[str, str] | None = None,
        lifecycle: Mapping[str, str] | None = None,
        env_vars: Sequence[Mapping[str, object]] = (),
        mcp: Mapping[str, object] | None = None,
        **definition: object,
    ) -> Path:
        """Makes a plugin in a directory and returns its path, which `Home.add` takes.

        Args:
            name: The display name.
            files: The text of further files, by path; they are executable if they begin with `#!`.
            lifecycle: The commands; an `install` without an `uninstall` gets one that does nothing.
            env_vars: The variables (`{"name": "TOKEN", "required": True, "secret": True}`).
            mcp: The MCP server (`{"transport": "stdio", "command": "serve"}`).
            definition: Further fields of `plugin.yaml`.
        """
        directory = self.root / _slug(name)
        self._write(directory, name, files, lifecycle, env_vars, mcp, definition)
        return directory

    def git(
        self,
        name: str,
        *,
        files: Mapping[str, str] | None = None,
        lifecycle: Mapping[str, str] | None = None,
        env_vars: Sequence[Mapping[str, object]] = (),
        mcp: Mapping[str, object] | None = None,
        **definition: object,
    ) -> str:
        """Makes a plugin in a git repository and returns its URL, which `Home.add` takes.

        The arguments are those of `local`. A plugin from git must be trusted: add it with
        `yes=True`, or answer the question.
        """
        repository = self.root / f"{_slug(name)}.git"
        self._write(repository / ".atk", name, files, lifecycle, env_vars, mcp, definition)
        _git(repository, "init", "--quiet")
        _commit(repository)
        return f"file://{repository}"

    def change(self, url: str, files: Mapping[str, str]) -> str:
        """Changes files of a plugin in a git repository, as its author would.

        Returns the id of the new commit, which an upgrade brings.
        """
        repository = Path(url.removeprefix("file://"))
        _write_files(repository / ".atk", files)
        return _commit(repository)

    def _write(
        self,
        directory: Path,
        name: str,
        files: Mapping[str, str] | None,
        lifecycle: Mapping[str, str] | None,
        env_vars: Sequence[Mapping[str, object]],
        mcp: Mapping[str, object] | None,
        definition: Mapping[str, object],
    ) -> None:
        _write_definition(
            directory,
            name,
            {"lifecycle": lifecycle, "env_vars": [*env_vars], "mcp": mcp, **definition},
        )
        _write_files(directory, files or {})


class Registry:
    """A registry of plugins in a directory, which `Home` reads as it reads a remote one."""

    def __init__(self, directory: Path) -> None:
        """Makes a registry without plugins."""
        self.directory = directory
        self.url = f"file://{directory}"
        """The registry's URL, for the option `registry`."""
        self._index: list[dict[str, str]] = []
        directory.mkdir(parents=True)
        _git(directory, "init", "--quiet")
        self._publish()

    def add(
        self,
        name: str,
        *,
        description: str = "A plugin for tests",
        files: Mapping[str, str] | None = None,
        lifecycle: Mapping[str, str] | None = None,
        env_vars: Sequence[Mapping[str, object]] = (),
        mcp: Mapping[str, object] | None = None,
        **definition: object,
    ) -> str:
        """Publishes a plugin, or a new version of it, and returns its name in the registry.

        The arguments are those of `PluginFactory.local`.
        """
        entry = {"name": name, "path": f"plugins/{name}", "description": description}
        self._index = [other for other in self._index if other["name"] != name] + [entry]
        directory = self.directory / entry["path"]
        fields = {"lifecycle": lifecycle, "env_vars": [*env_vars], "mcp": mcp, **definition}
        _write_definition(directory, name, {"description": description, **fields})
        _write_files(directory, files or {})
        self._publish()
        return name

    def _publish(self) -> None:
        index = {"schema_version": SCHEMA, "plugins": self._index}
        (self.directory / "index.yaml").write_text(json.dumps(index, indent=2))
        _commit(self.directory)


@pytest.fixture
def atk_isolation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Points the environment of ATK and git below `tmp_path`, and returns the user's directory."""
    root = tmp_path / "atk"
    user = root / "user"
    user.mkdir(parents=True)
    (user / ".gitconfig").write_text("[user]\n\tname = Test\n\temail = test@example.com\n")
    for name in [name for name in os.environ if name.startswith(("ATK_", "GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(user))
    monkeypatch.setenv("ATK_HOME", str(root / "home"))
    monkeypatch.setenv("ATK_CACHE_DIR", str(root / "cache"))
    # Nothing is there until the fixture `atk_registry` makes it.
    monkeypatch.setenv("ATK_REGISTRY_URL", f"file://{root / 'registry'}")
    return user


@pytest.fixture
def atk_home(atk_isolation: Path) -> Home:
    """A scratch home without plugins: the one that `atk.Home()` opens during the test."""
    return Home.init()


@pytest.fixture
def atk_plugins(atk_isolation: Path) -> PluginFactory:
    """Makes plugins that the test's home can add."""
    return PluginFactory(atk_isolation.parent / "plugins")


@pytest.fixture
def atk_registry(atk_isolation: Path) -> Registry:
    """A registry without plugins: the one that homes use during the test."""
    return Registry(atk_isolation.parent / "registry")


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _write_definition(directory: Path, name: str, fields: Mapping[str, Any]) -> None:
    given = {field: value for field, value in fields.items() if value}
    if "install" in given.get("lifecycle", {}):
        given["lifecycle"] = {"uninstall": "true", **given["lifecycle"]}
    definition = {"schema_version": SCHEMA, "name": name, "description": f"What {name} does"}
    # JSON is YAML.
    _write_files(directory, {"plugin.yaml": json.dumps({**definition, **given}, indent=2) + "\n"})


def _write_files(directory: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755 if text.startswith("#!") else 0o644)


def _commit(repository: Path) -> str:
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--allow-empty", "--message", "Change")
    return _git(repository, "rev-parse", "HEAD").strip()


def _git(repository: Path, *args: str) -> str:
    done = subprocess.run(
        ["git", *args], cwd=repository, check=True, capture_output=True, text=True
    )
    return done.stdout
