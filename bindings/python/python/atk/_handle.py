"""What every operation of a home needs: the handle, and the way to the native half."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ._callbacks import OnEvent, OnOutput, OnPrompt, event_callback, prompt_callback
from ._decode import decoder
from ._native import CancelToken
from ._native import Home as NativeHome
from ._options import PATHS, Options, StrPath

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

T = TypeVar("T")


class Handle:
    """A handle on a home, without operations."""

    __slots__ = ("_native",)

    def __init__(self, path: StrPath | None = None, **options: Unpack[Options]) -> None:
        """Opens a home, which need not exist yet.

        Without a path it is `ATK_HOME`, else `~/.atk`. An option that is not given, or is None, has
        the value that the command `atk` uses: `registry` is `ATK_REGISTRY_URL` or the public one,
        `cache_dir` is `ATK_CACHE_DIR` or below `~/.cache`. See `Options` for all options.
        """
        given: dict[str, Any] = {}
        for name, value in options.items():
            if name not in Options.__annotations__:
                raise TypeError(f"a home has no option {name!r}")
            if value is not None:
                given[name] = absolute(value) if name in PATHS else value  # type: ignore[arg-type]
        if "env" in given:
            given["env"] = dict(given["env"])
        native_path = None if path is None else Path(path).expanduser()
        self._native = NativeHome(native_path, json.dumps(given))

    @classmethod
    def open(cls, path: StrPath | None = None, **options: Unpack[Options]) -> Self:
        """The same as the constructor."""
        return cls(path, **options)

    @property
    def path(self) -> Path:
        """The home's path."""
        return self._native.path

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"Home({str(self.path)!r})"

    def _call(
        self,
        outcome: type[T],
        operation: str,
        request: Mapping[str, object],
        *,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> T:
        """Runs an operation. Arguments and options that are None are left out."""
        given = {
            name: _mapping(value) if isinstance(value, Mapping) else value
            for name, value in request.items()
            if value is not None
        }
        made: T = self._native.call(
            operation,
            json.dumps(given),
            decoder(outcome),
            event_callback(on_event, on_output),
            prompt_callback(on_prompt),
            cancel,
        )
        return made


def absolute(path: StrPath) -> str:
    """Returns the absolute path, with `~` expanded."""
    return os.path.abspath(Path(path).expanduser())


def texts(values: Sequence[str]) -> list[str]:
    """Returns a list of texts.

    A string is refused: it is a sequence of its characters, which is never meant.
    """
    if isinstance(values, str):
        raise TypeError(f"expected a sequence of strings, found the string {values!r}")
    return [*values]


def _mapping(values: Mapping[str, str]) -> dict[str, str]:
    """Returns the pairs that are text.

    `os.environ` may have values in another encoding; they count as absent, so that all of it can be
    passed.
    """
    return {name: value for name, value in values.items() if _is_text(name + value)}


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
