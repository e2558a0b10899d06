"""The same operations as coroutines.

Each runs on a worker thread. Cancelling the task cancels the operation and waits until it has
ended, so that no thread is left behind and the home is as it was. Callbacks run on the event loop;
`on_prompt` may be a coroutine function.
"""

from __future__ import annotations

import asyncio
import builtins
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from . import _client, _models
from ._native import CancelToken

T = TypeVar("T")


class Home:
    """A handle on a home whose operations are coroutines. See `atk.Home` for what they do."""

    __slots__ = ("sync",)

    def __init__(self, *args: Any, **settings: Any) -> None:
        """Opens a home; see `atk.Home`."""
        self.sync = _client.Home(*args, **settings)
        """The same home for blocking calls."""

    @property
    def path(self) -> Any:
        """The home's path."""
        return self.sync.path

    async def init(self, **how: Any) -> _models.Initialized:
        return await _call(self.sync.init, **how)

    async def resolve(self, source: str) -> _models.Source:
        return self.sync.resolve(source)

    async def fetch(self, *args: Any, **how: Any) -> _models.Fetched:
        return await _call(self.sync.fetch, *args, **how)

    async def add(self, *args: Any, **how: Any) -> _models.Added:
        return await _call(self.sync.add, *args, **how)

    async def setup(self, *args: Any, **how: Any) -> _models.Report[_models.SetUp]:
        return await _call(self.sync.setup, *args, **how)

    async def install(self, *args: Any, **how: Any) -> _models.Report[_models.Installed]:
        return await _call(self.sync.install, *args, **how)

    async def plan_upgrade(self, *args: Any, **how: Any) -> _models.Report[_models.UpgradePlan]:
        return await _call(self.sync.plan_upgrade, *args, **how)

    async def upgrade(self, *args: Any, **how: Any) -> _models.Report[_models.Upgraded]:
        return await _call(self.sync.upgrade, *args, **how)

    async def remove(self, *args: Any, **how: Any) -> _models.Removed:
        return await _call(self.sync.remove, *args, **how)

    uninstall = remove

    async def start(self, *args: Any, **how: Any) -> _models.Report[_models.Ran]:
        return await _call(self.sync.start, *args, **how)

    async def stop(self, *args: Any, **how: Any) -> _models.Report[_models.Ran]:
        return await _call(self.sync.stop, *args, **how)

    async def restart(self, *args: Any, **how: Any) -> _models.Report[_models.Ran]:
        return await _call(self.sync.restart, *args, **how)

    async def status(self, *args: Any, **how: Any) -> _models.Report[_models.ServiceStatus]:
        return await _call(self.sync.status, *args, **how)

    async def logs(self, *args: Any, **how: Any) -> _models.Ran:
        return await _call(self.sync.logs, *args, **how)

    async def run(self, *args: Any, **how: Any) -> _models.ScriptEnded:
        return await _call(self.sync.run, *args, **how)

    async def git(self, *args: Any, **how: Any) -> _models.ScriptEnded:
        return await _call(self.sync.git, *args, **how)

    async def list(self) -> builtins.list[_models.Listed]:
        return await asyncio.to_thread(self.sync.list)

    async def search(self, *args: Any, **how: Any) -> builtins.list[_models.Found]:
        return await _call(self.sync.search, *args, **how)

    async def mcp(self, plugin: str) -> _models.McpServer:
        return await asyncio.to_thread(self.sync.mcp, plugin)

    async def readme(self, plugin: str) -> _models.Readme:
        return await asyncio.to_thread(self.sync.readme, plugin)

    async def cache(self) -> _models.CacheReport:
        return await asyncio.to_thread(self.sync.cache)

    async def clear_cache(self) -> _models.CacheReport:
        return await asyncio.to_thread(self.sync.clear_cache)


async def _call(operation: Callable[..., T], *args: Any, **how: Any) -> T:
    """Runs a blocking operation on a thread, for as long as the task lives."""
    loop = asyncio.get_running_loop()
    token: CancelToken = how.setdefault("cancel", None) or CancelToken()
    how["cancel"] = token
    for name in ("on_event", "on_output"):
        if (callback := how.get(name)) is not None:
            how[name] = functools.partial(loop.call_soon_threadsafe, callback)
    if (on_prompt := how.get("on_prompt")) is not None:
        how["on_prompt"] = _asked_on(loop, on_prompt)
    work = asyncio.ensure_future(asyncio.to_thread(operation, *args, **how))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        token.cancel()
        # Until it has ended: nothing of it is left behind.
        await asyncio.wait([work])
        if not work.cancelled():
            work.exception()
        raise


def _asked_on(
    loop: asyncio.AbstractEventLoop,
    on_prompt: Callable[[_models.Prompt], _models.Reply | Awaitable[_models.Reply]],
) -> Callable[[_models.Prompt], _models.Reply]:
    """Asks on the event loop, and waits for the answer on the operation's thread."""

    async def answer(prompt: _models.Prompt) -> _models.Reply:
        reply = on_prompt(prompt)
        if inspect.isawaitable(reply):
            reply = await reply
        return reply

    def ask(prompt: _models.Prompt) -> _models.Reply:
        return asyncio.run_coroutine_threadsafe(answer(prompt), loop).result()

    return ask
