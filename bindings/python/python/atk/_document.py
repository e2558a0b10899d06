"""Models as documents again."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, cast

from ._error import AtkError


class TextEnum(str, enum.Enum):
    """An enum whose members are texts: they compare, print and serialize as their values."""

    __str__ = str.__str__


class Document:
    """A model that JSON has a document for."""

    __slots__ = ()

    _absent: ClassVar[frozenset[str]] = frozenset()
    """The fields that a document leaves out if they are empty."""
    _cases: ClassVar[dict[str, tuple[str, ...]]] = {}
    """The fields that only documents of some types have, and those types."""

    def as_dict(self) -> dict[str, Any]:
        """Returns the document that the command prints with `--json`."""
        document: dict[str, Any] = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            name = field.name
            value = _plain(getattr(self, name))
            is_empty = name in self._absent and value in (None, [], {})
            kind = document.get("type")
            if not is_empty and kind in self._cases.get(name, (kind,)):
                document[name] = value
        return document


def _plain(value: Any) -> Any:
    if isinstance(value, (Document, AtkError)):
        return value.as_dict()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in cast(Iterable[Any], value)]
    return value
