"""The changes of a home, as an async iterator."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator

from ._arguments import checked_cancel
from ._events import Changed, Watching
from ._native import CancelToken
from ._typing import Self
from ._watch import Follow, News, watching_thread


class AsyncWatch(AsyncIterator[Changed]):
    """The changes of a home, whoever makes them: what `atk.aio.Home.watch` returns.

    It begins with `async with`, or with the first `__anext__`. Cancelling the task that waits for a
    change loses none, so that `asyncio.timeout` can be used.
    """

    def __init__(self, follow: Follow, cancel: CancelToken | None = None) -> None:
        """Prepares it; `atk.aio.Home.watch` calls this."""
        checked_cancel(cancel)
        self._changes = _Changes(follow, cancel.child() if cancel is not None else CancelToken())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Changed:
        """Waits for the next change."""
        try:
            return await self._changes.next()
        finally:
            # A cancelled task may keep this frame, and with it what is watched.
            del self

    async def aclose(self) -> None:
        """Ends it, and waits until the home is no longer watched."""
        await self._changes.close()

    async def __aenter__(self) -> Self:
        await self._changes.begin()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        if hasattr(self, "_changes"):
            self._changes.token.cancel()


# The name under which it is imported and shown.
AsyncWatch.__module__ = "atk.aio"


class _Changes:
    """The changes on their way from the thread that watches to the tasks that iterate."""

    def __init__(self, follow: Follow, token: CancelToken) -> None:
        self.follow = follow
        self.token = token
        self.news: asyncio.Queue[News] = asyncio.Queue()
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()
        self.is_closed = False
        self.thread: threading.Thread | None = None

    async def begin(self) -> None:
        """Waits until it has begun: from then on no change is missed."""
        self.start()
        await self.begun.wait()
        if self.ended.is_set():
            self.end(self.news.get_nowait())

    async def next(self) -> Changed:
        self.start()
        news = await self.news.get()
        while isinstance(news, Watching):
            news = await self.news.get()
        if isinstance(news, Changed) and not self.is_closed:
            return news
        self.end(news)
        raise StopAsyncIteration

    async def close(self) -> None:
        self.is_closed = True
        self.token.cancel()
        if self.thread is not None:
            await self.ended.wait()
            # It has nothing left to do.
            self.thread.join()

    def start(self) -> None:
        if self.thread is not None:
            return
        loop = asyncio.get_running_loop()

        def put(news: News) -> None:
            self.news.put_nowait(news)
            if not isinstance(news, (Watching, Changed)):
                self.ended.set()
            self.begun.set()

        def deliver(news: News) -> None:
            # A loop that is closed waits for nothing.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(put, news)

        self.thread = watching_thread(self.follow, self.token, deliver)

    def end(self, news: News) -> None:
        """Stays ended, for every task that iterates."""
        self.news.put_nowait(None)
        if isinstance(news, BaseException):
            raise news
