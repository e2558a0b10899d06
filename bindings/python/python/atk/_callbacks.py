"""The callbacks of a caller, as the native half calls them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from . import _events as events
from ._decode import decoder

OnEvent = Callable[[events.Event], object]
OnOutput = Callable[[events.Output], object]
OnPrompt = Callable[[events.Prompt], events.Reply]

EVENTS: dict[str, type] = {
    "operation_started": events.OperationStarted,
    "resolved": events.Resolved,
    "step": events.Step,
    "progress": events.Progress,
    "output": events.Output,
    "message": events.Message,
    "operation_finished": events.OperationFinished,
}


def hear(
    on_event: OnEvent | None, on_output: OnOutput | None
) -> Callable[[str, bytes | None], None] | None:
    """What the native half calls for an event."""
    if on_event is None and on_output is None:
        return None

    def told(text: str, chunk: bytes | None) -> None:
        made = EVENTS.get(json.loads(text)["event"])
        if made is None:
            return
        event = decoder(made).decode(text)
        if chunk is not None:
            event = dataclasses.replace(event, chunk=chunk)
        if on_event is not None:
            on_event(event)
        if on_output is not None and isinstance(event, events.Output):
            on_output(event)

    return told


def answer(on_prompt: OnPrompt | None) -> Callable[[str], Any] | None:
    """What the native half calls for a question."""
    if on_prompt is None:
        return None

    def asked(text: str) -> Any:
        reply = on_prompt(decoder(events.Prompt).decode(text))
        if reply is events.USE_DEFAULT:
            return ()
        if reply is None or isinstance(reply, (bool, str)):
            return reply
        raise TypeError(f"on_prompt returned {type(reply).__name__}, not bool, str or None")

    return asked
