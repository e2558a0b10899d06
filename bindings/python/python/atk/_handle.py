"""What every operation of a home needs: the handle, and the way to the native half."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from ._arguments import (
    absolute,
    checked_callback,
    checked_cancel,
    checked_option,
    keep_for_the_class,
)
from ._callbacks import Events, OnEvent, OnOutput, OnPrompt, prompt_callback
from ._decode import decoder
from ._log import log_warnings
from ._native import CancelToken
from ._native import Home as NativeHome
from ._options import KINDS, Options, StrPath
from ._typing import Self, Unpack
from ._watch import Watch

T = TypeVar("T")


class Handle:
    """A handle on a home, without operations."""

    def __init__(self, path: StrPath | None = None, **options: Unpack[Options]) -> None:
        """Opens a home, which need not exist yet.

        Without a path it is `ATK_HOME`, else `~/.atk`. A leading `~` is the option `user_home`,
        else the user's directory. An option that is not given, or is None, has the value that the
        command `atk` uses: `registry` is `ATK_REGISTRY_URL` or the public one, `cache_dir` is
        `ATK_CACHE_DIR` or below `~/.cache`. See `Options` for all options.
        """
        given: dict[str, Any] = {}
        # Other paths may begin with it.
        user_home = options.get("user_home")
        self._user_home = None if user_home is None else absolute("user_home", user_home)
        for name, value in options.items():
            if name not in KINDS:
                raise TypeError(_unknown_option(name))
            if value is not None:
                given[name] = checked_option(name, KINDS[name], value, self._user_home)
        self._options = given
        opened = None if path is None else absolute("path", path, self._user_home)
        self._native = NativeHome(opened, json.dumps(given))
        keep_for_the_class(self)

    @classmethod
    def open(cls, path: StrPath | None = None, **options: Unpack[Options]) -> Self:
        """Opens a home, which need not exist yet: the same as the constructor."""
        return cls(path, **options)

    @property
    def path(self) -> Path:
        """The home's path."""
        return self._native.path

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"{type(self).__module__}.{type(self).__qualname__}({self._described()})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle) or type(other) is not type(self):
            return NotImplemented
        return (self.path, self._options) == (other.path, other._options)

    def __hash__(self) -> int:
        return hash(self.path)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_opened, (type(self), str(self.path), self._options))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Does nothing: a handle keeps nothing open."""

    def watch(self, *, cancel: CancelToken | None = None) -> Watch:
        """Returns an iterator over the changes of the home, whoever makes them: this library, the
        command, `git pull`, an editor. It has begun when this returns, takes no lock, and uses no
        processor while nothing happens.

        What counts as a change: the manifest, `atk.yaml`, and of each plugin its state, its
        definition, `custom/overrides.yaml` and `.env`. At least one `Changed` follows the last
        change; several changes in short succession may be one.

        Args:
            cancel: Ends the iteration when it is cancelled. `with` and `Watch.close` end it too.
        """
        return Watch(self._follow, cancel)

    def _follow(self, on_event: OnEvent, cancel: CancelToken) -> None:
        self._call(object, "watch", {}, on_event=on_event, cancel=cancel)

    def _described(self) -> str:
        """The path and the options, without secrets."""
        shown = [repr(str(self.path))]
        for name, value in self._options.items():
            if isinstance(value, dict):
                value = {key: ... for key in cast(dict[str, object], value)}
            elif isinstance(value, str):
                value = re.sub(r"(?<=://)[^/@]*@", "...@", value)
            shown.append(f"{name}={value!r}")
        return ", ".join(shown)

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
        checked_callback("on_event", on_event, coroutines=False)
        checked_callback("on_output", on_output, coroutines=False)
        checked_callback("on_prompt", on_prompt, coroutines=False)
        checked_cancel(cancel)
        events = Events(on_event, on_output)
        given = {name: value for name, value in request.items() if value is not None}
        made: T = self._native.call(
            operation,
            json.dumps(given),
            decoder(outcome),
            events,
            prompt_callback(on_prompt),
            cancel,
        )
        if not events.are_sent:
            log_warnings(made)
        return made


def _opened(of: type[Handle], path: str, options: Options) -> Handle:
    return of(path, **options)


def _unknown_option(name: str) -> str:
    import difflib  # Only for a mistake.

    near = difflib.get_close_matches(name, KINDS, n=1)
    return f"a home has no option `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")
