"""A home and sources of its own for each test: nothing of the machine's is read or written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import atk
import pytest

DEFINITION = "schema_version: '2026-01-23'\nname: {name}\ndescription: What {name} does\n{more}"


class Sources:
    """Directories and repositories that plugins come from."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def local(self, name: str, more: str = "", **files: str) -> str:
        """A plugin in a directory; the path is returned."""
        directory = self.root / name.lower()
        self.write(directory, name, more, files)
        return str(directory)

    def tool(self, name: str, more: str = "", **files: str) -> str:
        """A git repository with an `.atk` directory; the URL is returned."""
        repository = self.root / f"{name.lower()}.git"
        self.write(repository / ".atk", name, more, files)
        self.git(repository, "init", "-q")
        self.commit(repository)
        return f"file://{repository}"

    def registry(self, **plugins: str) -> str:
        """A registry with plugins, each with further lines of its definition."""
        repository = self.root / "registry.git"
        index = "schema_version: '2026-01-23'\nplugins:\n"
        for name, more in plugins.items():
            self.write(repository / "plugins" / name, name.title(), more, {})
            index += f"- name: {name}\n  path: plugins/{name}\n  description: d\n"
        (repository / "index.yaml").write_text(index)
        self.git(repository, "init", "-q")
        self.commit(repository)
        return f"file://{repository}"

    def change(self, url: str, **files: str) -> None:
        """Changes files of a tool's plugin."""
        repository = Path(url.removeprefix("file://"))
        for name, text in files.items():
            (repository / ".atk" / name).write_text(text)
        self.commit(repository)

    def commit(self, repository: Path) -> None:
        self.git(repository, "add", ".")
        self.git(repository, "commit", "-qm", "Change")

    @staticmethod
    def write(directory: Path, name: str, more: str, files: dict[str, str]) -> None:
        directory.mkdir(parents=True)
        (directory / "plugin.yaml").write_text(DEFINITION.format(name=name, more=more))
        for file, text in files.items():
            (directory / file).write_text(text)
            # Scripts must be executable to be run.
            (directory / file).chmod(0o755)

    @staticmethod
    def git(directory: Path, *args: str) -> str:
        done = subprocess.run(
            ["git", *args], cwd=directory, check=True, capture_output=True, text=True
        )
        return done.stdout


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = tmp_path / "user"
    user.mkdir()
    (user / ".gitconfig").write_text("[user]\n\tname = U\n\temail = u@example.com\n")
    for name in [name for name in os.environ if name.startswith(("ATK_", "GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(user))
    monkeypatch.setenv("ATK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ATK_CACHE_DIR", str(tmp_path / "cache"))
    # Nothing listens there: no test reaches the real registry by mistake.
    monkeypatch.setenv("ATK_REGISTRY_URL", "http://127.0.0.1:9/registry")


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path / "sources")


@pytest.fixture
def home() -> atk.Home:
    return atk.Home.init()


@pytest.fixture
def unchanged(home: atk.Home) -> Iterator[None]:
    """The home is the same after the test as before it."""

    def look() -> dict[str, bytes]:
        files = (path for path in home.path.rglob("*") if path.is_file())
        return {
            str(path): path.read_bytes() for path in files if "/.git/atk/" not in str(path)
        }

    before = look()
    yield
    assert look() == before
