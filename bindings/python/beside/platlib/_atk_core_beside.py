"""Checks, when `atk` is imported, that `atk-cli` has not replaced files of the package `atk-core`.

`atk_core.pth` loads this module when Python starts: if `atk-cli` was installed last, nothing of
`atk-core` itself would be loaded any more. `atk/_beside.py` has the check.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


class _Check:
    """A finder of modules that finds nothing, and is asked first."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "atk":
            file = os.path.join(_HERE, "atk", "_beside.py")
            if os.path.isfile(file):
                names = {"__name__": "_atk_core_beside.check"}
                with open(file, encoding="utf-8") as source:
                    exec(compile(source.read(), file, "exec"), names)
                names["refuse"](_HERE)
        return None


sys.meta_path.insert(0, _Check)
