"""The changes of a home, as an iterator."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from ._arguments import checked_cancel
from ._errors import CancelledError
from ._events import Changed, Event, Message, Watching
from ._log import log_message
from ._native import CancelToken
from ._typing import Self

Follow = Callable[[Callable[[Event], object], CancelToken], object]
"""Runs the operation `watch`, with a callback for its events, until a token is cancelled."""

News = Watching | Changed | BaseException | None
"""An event; or the end, with what ended it."""


class Watch(Iterator[Changed]):
    """The changes of a home, whoever makes them: what `Home.watch` returns.

    Iterating waits for the next change. It ends when the token that `watch` was given is cancelled,
    or after `close`. `with` closes it.
    """

    def __init__(self, follow: Follow, cancel: CancelToken | None = None) -> None:
        """Begins to watch; `Home.watch` calls this."""
        checked_cancel(cancel)
        self._token = cancel.child() if cancel is not None else CancelToken()
        self._is_closed = False
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._thread = watching_thread(follow, self._token, self._news.put)
        # From here on no change is missed.
        if isinstance(first := self._news.get(), BaseException):
            raise first

    def __next__(self) -> Changed:
        """Waits for the next change."""
        news = self._news.get()
        if isinstance(news, Changed) and not self._is_closed:
            return news
        # It stays ended, for every thread that iterates.
        self._news.put(None)
        if isinstance(news, BaseException):
            raise news
        raise StopIteration

    def close(self) -> None:
        """Ends it, and waits until the home is no longer watched."""
        self._is_closed = True
        self._token.cancel()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_token"):
            self._token.cancel()


def watching_thread(
    follow: Follow, token: CancelToken, deliver: Callable[[News], object]
) -> threading.Thread:
    """Watches on a thread of its own, until the token is cancelled."""

    def hear(event: Event) -> None:
        if isinstance(event, (Watching, Changed)):
            deliver(event)
        elif isinstance(event, Message):
            log_message(event)

    def run() -> None:
        try:
            follow(hear, token)
        except CancelledError:
            deliver(None)
        except BaseException as error:
            deliver(error)
        else:
            deliver(None)

    thread = threading.Thread(target=run, name="atk-watch", daemon=True)
    thread.start()
    return thread
