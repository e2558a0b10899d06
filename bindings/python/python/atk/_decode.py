"""Makes dataclasses of documents. What a class declares decides; what it does not know is ignored,
so that an older class takes a newer document."""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

Decoder = Callable[[Any], Any] | None
"""How a value becomes one of a type; none where it is one already."""


@functools.cache
def decoder(annotation: Any) -> Decoder:
    """How a value of JSON becomes one of a type."""
    if annotation is Path:
        return Path
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (arg for arg in args if arg is not type(None))
        return _optional(decoder(inner))
    if origin is tuple:
        return _tuple(decoder(args[0]))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        members = {member.value: member for member in annotation}
        return members.__getitem__
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return _dataclass(annotation)
    return None


def _optional(inner: Decoder) -> Decoder:
    if inner is None:
        return None
    return lambda value: None if value is None else inner(value)


def _tuple(inner: Decoder) -> Decoder:
    if inner is None:
        return tuple
    return lambda values: tuple(map(inner, values))


def _dataclass(made: type) -> Decoder:
    """Fills the slots of an object directly: a frozen dataclass's own `__init__` takes several
    times as long, and there may be a thousand of them."""
    hints = typing.get_type_hints(made)
    fields = dataclasses.fields(made)
    setters = [getattr(made, field.name).__set__ for field in fields]
    plan = [
        (field.name, setter, decoder(hints[field.name]))
        for field, setter in zip(fields, setters, strict=True)
    ]
    absent: dict[str, Callable[[], Any]] = {
        field.name: (
            field.default_factory
            if field.default_factory is not dataclasses.MISSING
            else functools.partial(lambda value: value, field.default)
        )
        for field in fields
        if field.default is not dataclasses.MISSING
        or field.default_factory is not dataclasses.MISSING
    }
    new = object.__new__

    def decode(document: dict[str, Any]) -> Any:
        instance: Any = new(made)
        for name, assign, convert in plan:
            try:
                value = document[name]
            except KeyError:
                assign(instance, absent[name]())
            else:
                assign(instance, value if convert is None else convert(value))
        return instance

    return decode


def decode(annotation: Any, document: Any) -> Any:
    """A document as a value of a type."""
    convert = decoder(annotation)
    return document if convert is None else convert(document)
