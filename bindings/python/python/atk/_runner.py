"""Runs blocking operations for coroutines, on worker threads."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from . import _home
from ._arguments import checked_callback, checked_cancel, keep_for_the_class
from ._async_watch import AsyncWatch
from ._events import Prompt
from ._native import CancelToken
from ._options import Options, StrPath
from ._reply import Reply
from ._typing import Self, Unpack

T = TypeVar("T")

AsyncOnPrompt = Callable[[Prompt], Reply | Awaitable[Reply]]


class AsyncHandle:
    """A handle on a home, without operations."""

    def __init__(self, path: StrPath | None = None, **options: Unpack[Options]) -> None:
        """Opens a home; see `atk.Home`."""
        keep_for_the_class(self)
        self.sync = _home.Home(path, **options)
        """The same home, with blocking operations."""

    @classmethod
    def open(cls, path: StrPath | None = None, **options: Unpack[Options]) -> Self:
        """Opens a home, which need not exist yet: the same as the constructor."""
        return cls(path, **options)

    @property
    def path(self) -> Path:
        """The home's path."""
        return self.sync.path

    def watch(self, *, cancel: CancelToken | None = None) -> AsyncWatch:
        """Returns an async iterator over the changes of the home; see `atk.Home.watch`.

        It begins with `async with`, or with the first change that is waited for.
        """
        return AsyncWatch(self.sync._follow, cancel)

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"{type(self).__module__}.{type(self).__qualname__}({self.sync._described()})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AsyncHandle) or type(other) is not type(self):
            return NotImplemented
        return self.sync == other.sync

    def __hash__(self) -> int:
        return hash(self.sync)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        """Does nothing: a handle keeps nothing open."""


async def run_blocking(operation: Callable[..., T], *args: Any, **how: Any) -> T:
    """Runs a blocking operation on a thread, for as long as the task lives."""
    for name in ("on_event", "on_output", "on_prompt"):
        checked_callback(name, how.get(name), coroutines=True)
    checked_cancel(how.get("cancel"))
    given: CancelToken | None = how.get("cancel")
    # Cancelling this task is no reason for other operations with the caller's token to end.
    token = given.child() if given else CancelToken()
    if "cancel" in how:
        how["cancel"] = token
    callbacks = _Callbacks(asyncio.get_running_loop())
    for name in ("on_event", "on_output", "on_prompt"):
        if (callback := how.get(name)) is not None:
            how[name] = functools.partial(callbacks.call, callback)
    work = asyncio.ensure_future(asyncio.to_thread(operation, *args, **how))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        token.cancel()
        callbacks.cancel()
        # Until it has ended: nothing of it is left behind, however often the task is cancelled.
        while not work.done():
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError:
                pass
        if not work.cancelled():
            work.exception()
        raise


class _Callbacks:
    """Runs an operation's callbacks on the event loop, while its thread waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.cancelled = False
        self.running: concurrent.futures.Future[Any] | None = None

    def call(self, callback: Callable[[Any], Any], value: Any) -> Any:
        """Calls one. On the operation's thread."""
        self.running = asyncio.run_coroutine_threadsafe(_awaited(callback, value), self.loop)
        if self.cancelled:
            self.running.cancel()
        return self.running.result()

    def cancel(self) -> None:
        """Lets no callback keep a cancelled operation waiting."""
        self.cancelled = True
        if self.running is not None:
            self.running.cancel()


async def _awaited(callback: Callable[[Any], Any], value: Any) -> Any:
    result = callback(value)
    return await result if inspect.isawaitable(result) else result
