"""Wraps the callbacks of a caller for the native half."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ._arguments import checked_result
from ._decode import decoder
from ._events import Event, Output, Prompt
from ._reply import USE_DEFAULT, Reply

OnEvent = Callable[[Event], object]
OnOutput = Callable[[Output], object]
OnPrompt = Callable[[Prompt], Reply]


def event_callback(
    on_event: OnEvent | None, on_output: OnOutput | None
) -> Callable[[str, bytes | None], None] | None:
    """Returns what the native half calls for an event: with its JSON and the bytes of an output."""
    if on_event is None and on_output is None:
        return None

    def deliver(text: str, chunk: bytes | None) -> None:
        event = decoder(Event).decode(text)
        if chunk is not None:
            event = dataclasses.replace(event, chunk=chunk)
        if on_event is not None:
            checked_result("on_event", on_event(event))
        if on_output is not None and isinstance(event, Output):
            checked_result("on_output", on_output(event))

    return deliver


def prompt_callback(on_prompt: OnPrompt | None) -> Callable[[str], Any] | None:
    """Returns what the native half calls for a prompt: with its JSON."""
    if on_prompt is None:
        return None

    def ask(text: str) -> Any:
        reply = checked_result("on_prompt", on_prompt(decoder(Prompt).decode(text)))
        if reply is USE_DEFAULT:
            return ()
        if reply is None or isinstance(reply, (bool, str)):
            return reply
        raise TypeError(
            f"on_prompt returned {type(reply).__name__}; "
            "it must return bool, str, None or USE_DEFAULT"
        )

    return ask
