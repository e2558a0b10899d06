"""Refuses to be imported next to `atk-cli`, another package whose import package is `atk`.

Both write `atk/__init__.py` and the command `atk` in the same places, and pip does not notice. What was
installed last works in part, and removing one removes files of the other.
"""

from __future__ import annotations

import os

OTHER = "atk-cli"
OURS = "atk-core"
WAY_OUT = f"""\
help: remove both, and install the one that you want:
  python -m pip uninstall --yes {OTHER} {OURS}
  python -m pip install {OURS}"""


def refuse(directory: str) -> None:
    """Raises an `ImportError` if `atk-cli` is, or was, installed over this package in `directory`."""
    try:
        names = os.listdir(directory)
    except OSError:
        return
    prefix = OTHER.replace("-", "_") + "-"
    if any(name.startswith(prefix) and name.endswith(".dist-info") for name in names):
        raise ImportError(
            f"the packages `{OURS}` and `{OTHER}` are both installed in `{directory}`, and cannot "
            f"be used together: both have the import package `atk` and the command `atk`\n{WAY_OUT}",
            name="atk",
        )
    if not os.path.isfile(os.path.join(directory, "atk", "__init__.py")):
        raise ImportError(
            f"files of the package `{OURS}` in `{directory}` are missing: they were removed together "
            f"with `{OTHER}`\n{WAY_OUT}",
            name="atk",
        )
