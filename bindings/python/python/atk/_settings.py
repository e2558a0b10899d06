"""The settings of a home."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypedDict

StrPath = str | os.PathLike[str]


class Settings(TypedDict, total=False):
    """What the constructor of `Home` takes besides the path."""

    registry: str | None
    cache_dir: StrPath | None
    base_dir: StrPath | None
    user_home: StrPath | None
    git: StrPath | None
    env: Mapping[str, str | None] | None
    wait: bool
    network_timeout: float | None
    network_rate: int | None
    status_timeout: float | None
    max_files: int | None
    max_file_bytes: int | None
    max_plugin_bytes: int | None
    max_transfer_bytes: int | None
    cache_limit: int | None
