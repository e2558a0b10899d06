"""Wraps the callbacks of a caller for the native half."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ._arguments import checked_result
from ._decode import decoder
from ._events import Event, Message, Output, Prompt
from ._log import log_message
from ._reply import USE_DEFAULT, Reply

OnEvent = Callable[[Event], object]
OnOutput = Callable[[Output], object]
OnPrompt = Callable[[Prompt], Reply]


class Events:
    """What the native half calls for an event: with its JSON and the bytes of an output.

    Without `on_event`, messages go to the logger.
    """

    def __init__(self, on_event: OnEvent | None, on_output: OnOutput | None) -> None:
        self.on_event = on_event
        self.on_output = on_output
        self.are_sent = False
        """True once the operation has sent one."""

    def __call__(self, text: str, chunk: bytes | None) -> None:
        self.are_sent = True
        event = decoder(Event).decode(text)
        if chunk is not None:
            event = dataclasses.replace(event, chunk=chunk)
        if self.on_event is not None:
            checked_result("on_event", self.on_event(event))
        elif isinstance(event, Message):
            log_message(event)
        if self.on_output is not None and isinstance(event, Output):
            checked_result("on_output", self.on_output(event))


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
