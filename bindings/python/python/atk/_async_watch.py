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
        self._follow = follow
        self._token = cancel.child() if cancel is not None else CancelToken()
        self._news: asyncio.Queue[News] = asyncio.Queue()
        self._begun = asyncio.Event()
        self._ended = asyncio.Event()
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Changed:
        """Waits for the next change."""
        self._start()
        news = await self._news.get()
        while isinstance(news, Watching):
            news = await self._news.get()
        if isinstance(news, Changed) and not self._is_closed:
            return news
        self._end(news)
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Ends it, and waits until nothing is watched any more."""
        self._is_closed = True
        self._token.cancel()
        if self._thread is not None:
            await self._ended.wait()
            # It has nothing left to do.
            self._thread.join()

    async def __aenter__(self) -> Self:
        self._start()
        # From then on no change is missed.
        await self._begun.wait()
        if self._ended.is_set():
            self._end(self._news.get_nowait())
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        if hasattr(self, "_token"):
            self._token.cancel()

    def _start(self) -> None:
        if self._thread is not None:
            return
        loop = asyncio.get_running_loop()
        # The thread must not keep this object: its end is the end of the thread.
        queued, begun, ended = self._news, self._begun, self._ended

        def put(news: News) -> None:
            queued.put_nowait(news)
            if not isinstance(news, (Watching, Changed)):
                ended.set()
            begun.set()

        def deliver(news: News) -> None:
            # A loop that is closed waits for nothing.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(put, news)

        self._thread = watching_thread(self._follow, self._token, deliver)

    def _end(self, news: News) -> None:
        """Stays ended, for every task that iterates."""
        self._news.put_nowait(None)
        if isinstance(news, BaseException):
            raise news


# The name under which it is imported and shown.
AsyncWatch.__module__ = "atk.aio"
