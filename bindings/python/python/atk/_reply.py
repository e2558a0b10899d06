"""Answers to prompts."""

from __future__ import annotations

import enum


class Default(enum.Enum):
    """The type of `USE_DEFAULT`."""

    USE = "use"


USE_DEFAULT = Default.USE
"""An answer: use the default, or leave the variable unset."""

Reply = bool | str | Default | None
"""An answer to a prompt: yes or no, a text, the default, or None for no answer."""
