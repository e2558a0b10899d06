"""Models as documents again."""

from __future__ import annotations

import dataclasses
import enum
from pathlib import Path
from typing import Any

from ._error import AtkError


class Document:
    """A model that JSON has a document for."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """Returns the document, without the optional parts that are empty."""
        document = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = _plain(getattr(self, field.name))
            if value not in (None, [], {}) or _is_required(field):
                document[field.name] = value
        return document


def _is_required(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _plain(value: Any) -> Any:
    if isinstance(value, (Document, AtkError)):
        return value.as_dict()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value
