"""What operations return: frozen dataclasses."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from ._definition import Definition, EnvVar, Port
from ._errors import AtkError

T = TypeVar("T")


class SourceKind(enum.Enum):
    """Where a plugin comes from."""

    REGISTRY = "registry"
    GIT = "git"
    LOCAL = "local"


class State(enum.Enum):
    """What is on disk of a plugin: its files at the pin, nothing, or files of another commit.

    A leftover is a directory that the manifest has no entry of; only a list has it.
    """

    READY = "ready"
    MISSING = "missing"
    OUTDATED = "outdated"
    LEFTOVER = "leftover"


class RunState(enum.Enum):
    """Whether the service of a plugin runs."""

    RUNNING = "running"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class UnknownReason(enum.Enum):
    """Why it is not known whether the service of a plugin runs."""

    NO_COMMAND = "no_command"
    FILES_MISSING = "files_missing"
    TIMED_OUT = "timed_out"
    HOME_NOT_TRUSTED = "home_not_trusted"


class Skip(enum.Enum):
    """Why there was nothing to do for a plugin."""

    UP_TO_DATE = "up_to_date"
    LOCAL = "local"
    NO_COMMAND = "no_command"
    ALREADY_RUNNING = "already_running"
    NO_VARIABLES = "no_variables"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """A source, as the manifest records it."""

    type: SourceKind
    pin: str | None
    """The commit it is fixed to; none for local plugins."""
    url: str | None
    """For git sources only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a typed source means."""

    type: SourceKind
    name: str | None = None
    """Of a registry plugin its name in the index."""
    url: str | None = None
    """Of a git source its URL."""
    path: Path | None = None
    """Of a local source its absolute path."""
    bare: bool = False
    """True where a bare name was taken for a path because something of that name exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialized:
    """The outcome of `init`."""

    home: Path
    created: bool
    """False where it was a home already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The outcome of `fetch`."""

    path: Path
    pin: str | None
    tree: str | None
    definition: Definition
    files: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Where a home that pushes by itself sent a commit, or why it did not."""

    remote: str | None
    """The remote's name; none if git knows none to push to."""
    url: str | None
    """The remote's URL, without credentials."""
    branch: str | None
    """The branch that was, or would be, updated there; none if HEAD is detached."""
    pushed: bool
    """True if the remote has the commit."""
    reason: str | None
    """Why it was not pushed, in git's own words; none if it was."""
    help: str | None
    """What gets past that, naming git commands to run in the home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The outcome of `add`."""

    name: str
    directory: str
    path: Path
    source: SourceInfo
    files: int
    """How many files were put in place."""
    installed: bool
    """True where an `install` command has been run."""
    commit: str | None
    """The commit in the home's repository; none where the home does not commit by itself."""
    push: Push | None
    """Where the commit was pushed, or why not; none if the home does not push by itself."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """The outcome of `setup` for a plugin."""

    written: tuple[str, ...]
    """The names of the variables that got a new value."""
    path: Path
    """The `.env` file."""
    fetched: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The outcome of `install` for a plugin."""

    pin: str | None
    fetched: bool
    installed: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """The files that an upgrade changes."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]
    """Those that the user edited or made: their bytes are kept in a backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandChange:
    """A command that an upgrade changes."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradePlan:
    """What an upgrade of a plugin would change."""

    directory: str
    old_name: str
    new_name: str
    old_pin: str | None
    new_pin: str
    files: FileChanges
    commands: tuple[CommandChange, ...]
    ports_added: tuple[Port, ...]
    ports_removed: tuple[Port, ...]
    variables_added: tuple[EnvVar, ...]
    variables_removed: tuple[EnvVar, ...]
    needs_trust: bool
    """True where what can run changes, so that its source must be trusted anew."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """The outcome of `upgrade` for a plugin."""

    plan: UpgradePlan
    installed: bool
    backup: Path | None
    """Where the old bytes of files are that the user had edited."""
    commit: str | None
    push: Push | None
    """Where the commit was pushed, or why not; none if the home does not push by itself."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """The outcome of `uninstall` and `remove`."""

    name: str
    directory: str
    was_installed: bool
    uninstalled: bool
    saved: str | None
    """The commit that saved the user's uncommitted changes before they went."""
    backup: Path | None
    """Where the user's files are kept that git does not have; none if it has them all."""
    commit: str | None
    push: Push | None
    """Where the commit was pushed, or why not; none if the home does not push by itself."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The outcome of `start`, `stop`, `restart` and `logs` for a plugin."""

    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortStatus:
    """A port that a plugin declares."""

    port: int
    name: str | None
    protocol: str
    in_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """The outcome of `status` for a plugin."""

    state: RunState
    unknown: UnknownReason | None
    """Why that is not known; None if it is."""
    files: State
    ports: tuple[PortStatus, ...]
    unset: tuple[str, ...]
    """The required variables that have no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptEnded:
    """The outcome of `run` and `git`."""

    script: str
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A plugin of the manifest."""

    name: str
    directory: str
    source: SourceInfo
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plugin of the registry."""

    name: str
    description: str
    installed: str | None
    """The directory of the plugin that came from it; none where it is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class McpConfig:
    """The parts of an MCP server's configuration."""

    type: str | None = None
    command: str | None = None
    args: tuple[str, ...] | None = None
    url: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    timeout: int | None = None

    def as_dict(self) -> dict[str, object]:
        """The configuration as agents and editors take it, absent parts left out."""
        parts = {
            "type": self.type,
            "command": self.command,
            "args": None if self.args is None else list(self.args),
            "url": self.url,
            "env": self.env or None,
            "timeout": self.timeout,
        }
        return {name: part for name, part in parts.items() if part is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServer:
    """The configuration of a plugin's MCP server. It holds the values of variables."""

    name: str
    config: McpConfig
    unset: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readme:
    """The `README.md` of a plugin."""

    name: str
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEntry:
    """A repository of the object cache."""

    url: str
    bytes: int
    last_used: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheReport:
    """What the object cache holds."""

    path: Path
    bytes: int
    entries: tuple[CacheEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T]):
    """A plugin for which an operation was done."""

    directory: str
    name: str
    outcome: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A plugin for which there was nothing to do."""

    directory: str
    name: str
    reason: Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A plugin for which an operation failed; it is as it was before."""

    directory: str
    name: str
    error: AtkError


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Generic[T]):
    """The outcome of an operation on one or more plugins: a line each."""

    plugins: tuple[Done[T] | Skipped | Failed, ...]

    @property
    def done(self) -> dict[str, T]:
        """What was done, by directory."""
        return {line.directory: line.outcome for line in self.plugins if isinstance(line, Done)}

    @property
    def skipped(self) -> dict[str, Skip]:
        """Why there was nothing to do, by directory."""
        return {line.directory: line.reason for line in self.plugins if isinstance(line, Skipped)}

    @property
    def failed(self) -> dict[str, AtkError]:
        """What failed, by directory."""
        return {line.directory: line.error for line in self.plugins if isinstance(line, Failed)}

    @property
    def ok(self) -> bool:
        """True where nothing failed."""
        return not any(isinstance(line, Failed) for line in self.plugins)

    def raise_for_failures(self) -> None:
        """Raises the first failure, where there is one."""
        for line in self.plugins:
            if isinstance(line, Failed):
                raise line.error

    def __iter__(self) -> Iterator[Done[T] | Skipped | Failed]:
        return iter(self.plugins)

    def __len__(self) -> int:
        return len(self.plugins)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryStatus:
    """The state of the home's repository, as far as it is known without the network."""

    branch: str | None
    """None if HEAD is detached."""
    commit: str | None
    subject: str | None
    committed_at: int | None
    """In seconds since 1970."""
    remote: str | None
    url: str | None
    """Without credentials."""
    upstream: str | None
    ahead: int | None
    behind: int | None
    changed: int
    """How many files and new directories have changes that are not committed."""
    changes: tuple[str, ...]
    """The first 100 of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport(Report[ServiceStatus]):
    """The outcome of `status`: a line for each plugin, and the home's repository."""

    repository: RepositoryStatus | None
    """None if it cannot be read; `warnings` says why."""
    warnings: tuple[str, ...]
