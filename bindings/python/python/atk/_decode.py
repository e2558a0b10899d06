"""Says how documents become dataclasses. What a class declares decides; what it does not know is
ignored, so that an older class takes a newer document."""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ._native import Decoder


@functools.cache
def decoder(annotation: Any) -> Decoder:
    """What makes a value of a type."""
    if annotation is Path:
        return Decoder.made(Path)
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        # Null is None for every type.
        (inner,) = (arg for arg in args if arg is not type(None))
        return decoder(inner)
    if origin is tuple:
        return Decoder.tuple(decoder(args[0]))
    if origin is list:
        return Decoder.list(decoder(args[0]))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return Decoder.member({member.value: member for member in annotation})
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return _dataclass(annotation)
    return Decoder.plain()


def _dataclass(made: type) -> Decoder:
    hints = typing.get_type_hints(made)
    return Decoder.dataclass(
        made,
        [
            (field.name, decoder(hints[field.name]), _absent(field))
            for field in dataclasses.fields(made)
        ],
    )


def _absent(field: dataclasses.Field[Any]) -> Callable[[], Any] | None:
    """What makes the value of a field that a document does not have."""
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory
    if field.default is dataclasses.MISSING or field.default is None:
        return None
    default = field.default
    return lambda: default
