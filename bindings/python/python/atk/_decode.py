"""Makes the decoders that turn documents into models, from the annotations of the models."""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from ._error import AtkError, from_document
from ._native import Decoder


def decoder(annotation: Any) -> Decoder:
    """Returns what makes a value of a type."""
    return _decoder(annotation)


@functools.cache
def _decoder(annotation: Any) -> Decoder:
    if annotation is Path:
        return Decoder.made(Path)
    if annotation is AtkError:
        return Decoder.made(from_document)
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return _union([arg for arg in args if arg is not type(None)])
    if origin is tuple:
        return Decoder.tuple(decoder(args[0]))
    if origin is list:
        return Decoder.list(decoder(args[0]))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return Decoder.member({member.value: member for member in annotation})
    model = cast(Any, origin or annotation)
    if dataclasses.is_dataclass(model):
        return _dataclass(model, args)
    return Decoder.plain()


def _union(cases: list[Any]) -> Decoder:
    """A type or null; or models that a field with a `Literal` tells apart."""
    if len(cases) == 1:
        # Null is None for every type.
        return decoder(cases[0])
    tags: set[str] = set()
    decoders: dict[str, Decoder] = {}
    for case in cases:
        hints = typing.get_type_hints(typing.get_origin(case) or case)
        ((tag, literal),) = (
            hint for hint in hints.items() if typing.get_origin(hint[1]) is typing.Literal
        )
        tags.add(tag)
        decoders[typing.get_args(literal)[0]] = decoder(case)
    (tag,) = tags
    return Decoder.tagged(tag, decoders)


def _dataclass(model: Any, args: tuple[Any, ...]) -> Decoder:
    hints = typing.get_type_hints(model)
    fields: list[tuple[str, Decoder, Any]] = []
    for field in dataclasses.fields(model):
        hint = hints[field.name]
        # `Report[Ran]` has lines of `Done[Ran]`, and that an outcome that is `Ran`.
        if isinstance(hint, typing.TypeVar):
            (hint,) = args
        elif args and getattr(hint, "__parameters__", ()):
            hint = hint[args]
        fields.append((field.name, decoder(hint), _absent(field)))
    return Decoder.dataclass(model, fields)


def _absent(field: dataclasses.Field[Any]) -> Callable[[], Any] | None:
    """Returns what makes the value of a field that a document does not have."""
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory
    if field.default is dataclasses.MISSING or field.default is None:
        return None
    default = field.default
    return lambda: default
