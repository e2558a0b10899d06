"""What all exceptions have in common, and how one is made of the document of an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._details import Details

CLASSES: dict[str, type[AtkError]] = {}
"""The class of each kind of error, by its code. Each class enters itself."""


class AtkError(Exception):
    """An operation failed. The home is as it was before."""

    def __init_subclass__(cls, code: str | None = None) -> None:
        super().__init_subclass__()
        # The name under which it is imported and shown.
        cls.__module__ = "atk"
        if code is not None:
            CLASSES[code] = cls

    def __init__(
        self, message: str, *, code: str, number: int, exit_code: int, details: Details
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        """The stable identifier of the kind (`plugin_not_installed`)."""
        self.number = number
        """The stable number of the kind."""
        self.exit_code = exit_code
        """The exit status of the command `atk` for this error."""
        self.details = details
        """The plugin, path, URL, prompt or command that the error is about."""

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


AtkError.__module__ = "atk"


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
