"""What operations return, and what events and questions are: frozen dataclasses."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from ._errors import AtkError

T = TypeVar("T")


class SourceKind(enum.Enum):
    """Where a plugin comes from."""

    REGISTRY = "registry"
    GIT = "git"
    LOCAL = "local"


class State(enum.Enum):
    """What is on disk of a plugin: its files at the pin, nothing, or files of another commit."""

    READY = "ready"
    MISSING = "missing"
    OUTDATED = "outdated"


class RunState(enum.Enum):
    """Whether the service of a plugin runs."""

    RUNNING = "running"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class Skip(enum.Enum):
    """Why there was nothing to do for a plugin."""

    UP_TO_DATE = "up_to_date"
    LOCAL = "local"
    NO_COMMAND = "no_command"
    NO_VARIABLES = "no_variables"
    DECLINED = "declined"


class Maturity(enum.Enum):
    """How far a plugin has been looked at by people."""

    AI_GENERATED = "ai-generated"
    COMMUNITY = "community"
    VERIFIED = "verified"


class ServiceType(enum.Enum):
    """How the service of a plugin runs."""

    DOCKER_COMPOSE = "docker-compose"
    DOCKER = "docker"
    SYSTEMD = "systemd"
    SCRIPT = "script"


class Transport(enum.Enum):
    """How an MCP server is reached."""

    STDIO = "stdio"
    HTTP = "http"
    SSE = "sse"


class Level(enum.Enum):
    """How much attention a message wants."""

    INFO = "info"
    WARNING = "warning"


class Stream(enum.Enum):
    """A standard stream of a command."""

    STDOUT = "stdout"
    STDERR = "stderr"


class PromptKind(enum.Enum):
    """What kind of answer a question expects."""

    CONFIRM = "confirm"
    TRUST = "trust"
    TEXT = "text"
    SECRET = "secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Who makes a tool."""

    name: str
    url: str | None = None
    docs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the service of a plugin runs."""

    type: ServiceType
    compose_file: str | None = None
    unit_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port that a plugin listens on."""

    port: int
    protocol: str
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvVar:
    """A variable that a plugin wants to know."""

    name: str
    required: bool
    secret: bool
    default: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The commands that a plugin can run."""

    install: str | None = None
    uninstall: str | None = None
    start: str | None = None
    stop: str | None = None
    logs: str | None = None
    status: str | None = None
    health_endpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mcp:
    """The MCP server of a plugin, as its definition has it."""

    transport: Transport
    command: str | None = None
    args: tuple[str, ...] = ()
    endpoint: str | None = None
    env: tuple[str, ...] = ()
    timeout: int | None = None
    """Milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A plugin definition: `plugin.yaml` with the user's overlay merged in."""

    schema_version: str
    name: str
    description: str
    maturity: Maturity
    vendor: Vendor | None = None
    service: Service | None = None
    ports: tuple[Port, ...] = ()
    env_vars: tuple[EnvVar, ...] = ()
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    mcp: Mcp | None = None


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
    commit: str | None
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
class OperationStarted:
    """An operation began."""

    operation: str
    subject: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What was typed has been understood."""

    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of an operation began."""

    plugin: str | None
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A transfer went on."""

    source: str
    bytes: int
    objects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A command of a plugin wrote something: bytes, neither lines nor UTF-8."""

    plugin: str
    command: str
    stream: Stream
    chunk: bytes

    @property
    def text(self) -> str:
        """The bytes as text, as far as they are."""
        return self.chunk.decode(errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something worth a person's attention."""

    level: Level
    plugin: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFinished:
    """An operation ended."""

    operation: str


Event = (
    OperationStarted | Resolved | Step | Progress | Output | Message | OperationFinished
)
"""Something that happened during an operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A question."""

    id: str
    """Stable (`env:github:TOKEN`); answers can be given beforehand by it."""
    plugin: str
    kind: PromptKind
    message: str
    details: tuple[str, ...]
    default: str | None
    """What an empty answer means. Secrets are masked."""
    required: bool
    position: tuple[int, int]
    """Which of how many questions of this kind, counted from 1."""


class Default(enum.Enum):
    """The type of `USE_DEFAULT`."""

    USE = "use"


USE_DEFAULT = Default.USE
"""An answer: take the default, or leave the variable unset."""

Reply = bool | str | Default | None
"""An answer to a question: yes or no, a text, the default; none where nobody can answer."""
