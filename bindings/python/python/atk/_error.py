"""What all exceptions have in common, and how one is made of the document of an error."""

from __future__ import annotations

import json
from typing import Any

from ._details import DetailProperties, Details, ErrorCode

CLASSES: dict[str, type[AtkError]] = {}
"""The class of each kind of error, by its code. Each class enters itself."""


class AtkError(DetailProperties, Exception):
    """An operation failed. The home is as it was before.

    Each kind of error has a class of its own, which a test can make of a message alone:
    `atk.PluginNotInstalledError("no such plugin")`. The parts of `details` are attributes too
    (`error.plugin`); a part that does not apply is None or empty.

    Fields:

    - `message`: What failed, in words.
    - `code`: The stable identifier of the kind (`plugin_not_installed`).
    - `number`: The stable number of the kind.
    - `exit_code`: The exit status of the command `atk` for this error.
    - `details`: What the error is about: the plugin, path, URL, prompt or command.
    """

    # A class of several kinds is made as an error of the kind `internal`.
    code: ErrorCode = "internal"
    """The stable identifier of the kind (`plugin_not_installed`)."""
    number: int = 1
    """The stable number of the kind."""
    exit_code: int = 1
    """The exit status of the command `atk` for this error."""

    def __init_subclass__(
        cls, code: ErrorCode | None = None, number: int = 1, exit_code: int = 1
    ) -> None:
        super().__init_subclass__()
        if code is not None:
            cls.code, cls.number, cls.exit_code = code, number, exit_code
            CLASSES[code] = cls

    def __init__(
        self,
        message: str = "",
        *,
        code: ErrorCode | None = None,
        number: int | None = None,
        exit_code: int | None = None,
        details: Details | None = None,
    ) -> None:
        """Makes an error. What is not given is that of the class."""
        super().__init__(message)
        self.message = message
        """What failed, in words."""
        if code is not None:
            self.code = code
        if number is not None:
            self.number = number
        if exit_code is not None:
            self.exit_code = exit_code
        self.details: Details = {} if details is None else details
        """What the error is about: the plugin, path, URL, prompt or command."""

    def as_dict(self) -> dict[str, Any]:
        """Returns the document that `atk --json` prints for this error."""
        return {
            "code": self.code,
            "number": self.number,
            "exit_code": self.exit_code,
            "message": self.message,
            "details": self.details,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return (from_document, (self.as_dict(),))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AtkError) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((self.code, self.message))


def from_document(document: dict[str, Any]) -> AtkError:
    """Returns the exception for the document of an error."""
    error_class = CLASSES.get(document["code"], AtkError)
    return error_class(
        document["message"],
        code=document["code"],
        number=document["number"],
        exit_code=document["exit_code"],
        details=document["details"],
    )


def from_json(text: str) -> AtkError:
    """Returns the exception for an error as JSON. The native half calls this."""
    return from_document(json.loads(text))
