"""The same operations as coroutines.

Each runs on a worker thread. Cancelling the task cancels the operation and waits until it has
ended, so that no thread is left behind and the home is as it was. Callbacks run on the event loop
while the operation waits; they may be coroutine functions, and what they raise comes out of the
operation unchanged.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from . import _callbacks, _client, _events, _models, _settings
from ._native import CancelToken

if TYPE_CHECKING:
    import os

    from typing_extensions import Unpack

P = ParamSpec("P")
T = TypeVar("T")

OnPrompt = Callable[[_events.Prompt], _events.Reply | Awaitable[_events.Reply]]


def _coroutine(
    operation: Callable[Concatenate[_client.Home, P], T],
) -> Callable[Concatenate[Home, P], Coroutine[Any, Any, T]]:
    """The same operation, with the same arguments, as a coroutine."""

    @functools.wraps(operation)
    async def call(home: Home, /, *args: P.args, **how: P.kwargs) -> T:
        return await _call(operation, home.sync, *args, **how)

    return call


class Home:
    """A handle on a home whose operations are coroutines. See `atk.Home` for what they do."""

    __slots__ = ("sync",)

    def __init__(
        self, path: _settings.StrPath | None = None, **settings: Unpack[_settings.Settings]
    ) -> None:
        """Opens a home; see `atk.Home`."""
        self.sync = _client.Home(path, **settings)
        """The same home for blocking calls."""

    @classmethod
    def open(
        cls, path: _settings.StrPath | None = None, **settings: Unpack[_settings.Settings]
    ) -> Home:
        """The same as the constructor."""
        return cls(path, **settings)

    @property
    def path(self) -> Path:
        """The home's path."""
        return self.sync.path

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"atk.aio.Home({str(self.path)!r})"

    init = _coroutine(_client.Home.init)
    resolve = _coroutine(_client.Home.resolve)
    fetch = _coroutine(_client.Home.fetch)
    install = _coroutine(_client.Home.install)
    plan_upgrade = _coroutine(_client.Home.plan_upgrade)
    start = _coroutine(_client.Home.start)
    stop = _coroutine(_client.Home.stop)
    restart = _coroutine(_client.Home.restart)
    status = _coroutine(_client.Home.status)
    logs = _coroutine(_client.Home.logs)
    run = _coroutine(_client.Home.run)
    git = _coroutine(_client.Home.git)
    list = _coroutine(_client.Home.list)
    search = _coroutine(_client.Home.search)
    mcp = _coroutine(_client.Home.mcp)
    readme = _coroutine(_client.Home.readme)
    cache = _coroutine(_client.Home.cache)
    clear_cache = _coroutine(_client.Home.clear_cache)

    # These ask: the answer may be awaited.

    async def add(
        self,
        source: str | os.PathLike[str],
        *,
        at: str | None = None,
        env: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        trust: Sequence[str] = (),
        yes: bool = False,
        on_event: _callbacks.OnEvent | None = None,
        on_output: _callbacks.OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> _models.Added:
        """See `atk.Home.add`."""
        request = {"at": at, "env": env, "answers": answers, "trust": trust, "yes": yes}
        callbacks = _client._callbacks(on_event, on_output, on_prompt, cancel)
        return await _call(_client.Home.add, self.sync, source, **request, **callbacks)

    async def setup(
        self,
        plugin: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        on_event: _callbacks.OnEvent | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> _models.Report[_models.SetUp]:
        """See `atk.Home.setup`."""
        callbacks = {"on_event": on_event, "on_prompt": on_prompt, "cancel": cancel}
        request = {"env": env, "answers": answers}
        return await _call(_client.Home.setup, self.sync, plugin, **request, **callbacks)

    async def upgrade(
        self,
        plugin: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        trust: Sequence[str] = (),
        yes: bool = False,
        on_event: _callbacks.OnEvent | None = None,
        on_output: _callbacks.OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> _models.Report[_models.Upgraded]:
        """See `atk.Home.upgrade`."""
        request = {"env": env, "answers": answers, "trust": trust, "yes": yes}
        callbacks = _client._callbacks(on_event, on_output, on_prompt, cancel)
        return await _call(_client.Home.upgrade, self.sync, plugin, **request, **callbacks)

    async def remove(
        self,
        plugin: str,
        *,
        force: bool = False,
        ignore_failures: bool = False,
        answers: Mapping[str, str] | None = None,
        yes: bool = False,
        on_event: _callbacks.OnEvent | None = None,
        on_output: _callbacks.OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> _models.Removed:
        """See `atk.Home.remove`."""
        removal = {"force": force, "ignore_failures": ignore_failures}
        request = {**removal, "answers": answers, "yes": yes}
        callbacks = _client._callbacks(on_event, on_output, on_prompt, cancel)
        return await _call(_client.Home.remove, self.sync, plugin, **request, **callbacks)

    uninstall = remove


async def resolve(source: str, **settings: Unpack[_settings.Settings]) -> _models.Source:
    """Says what a source means, without a home."""
    return await Home(**settings).resolve(source)


async def fetch(
    source: str,
    dest: _settings.StrPath,
    *,
    at: str | None = None,
    on_event: _callbacks.OnEvent | None = None,
    cancel: CancelToken | None = None,
    **settings: Unpack[_settings.Settings],
) -> _models.Fetched:
    """Brings a source's plugin files into a directory, without a home."""
    home = Home(**settings)
    return await home.fetch(source, dest, at=at, on_event=on_event, cancel=cancel)


async def _call(operation: Callable[..., T], *args: Any, **how: Any) -> T:
    """Runs a blocking operation on a thread, for as long as the task lives."""
    given: CancelToken | None = how.get("cancel")
    # Cancelling this task is no reason for other operations with the caller's token to end.
    token = given.child() if given else CancelToken()
    if "cancel" in (getattr(operation, "__kwdefaults__", None) or ()):
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
