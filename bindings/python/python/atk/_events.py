"""What is told and asked during an operation."""

from __future__ import annotations

import enum
from dataclasses import dataclass


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
    """A transfer went on, or a commit that takes a while."""

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
