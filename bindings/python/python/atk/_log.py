"""The logger `atk`: what an operation reports, if no callback asks for its events.

The logger has a handler that does nothing, as those of libraries have: nothing is printed unless the
program configures logging.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from ._events import Level, Message

LOGGER = logging.getLogger("atk")
LOGGER.addHandler(logging.NullHandler())


def log_message(message: Message) -> None:
    """Logs a message of an operation."""
    level = logging.WARNING if message.level is Level.WARNING else logging.INFO
    LOGGER.log(level, "%s", message.text, extra={"plugin": message.plugin})


def log_warnings(outcome: object) -> None:
    """Logs the warnings of an operation that sends no events."""
    warnings: Iterable[str] = getattr(outcome, "warnings", ())
    for text in warnings:
        LOGGER.warning("%s", text, extra={"plugin": None})
