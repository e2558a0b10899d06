"""ATK: installs, pins and upgrades the tools around AI-assisted development.

For example::

    import atk

    home = atk.Home.init()               # ~/.atk
    added = home.add("openmemory", env={"TOKEN": "..."}, trust=["*"])
    print(added.name, added.source.pin)

    report = home.upgrade(yes=True)      # all plugins
    for directory, error in report.failed.items():
        print(directory, error.code, error)
"""

from __future__ import annotations

import os
import types
from typing import TYPE_CHECKING, Any

from ._beside import refuse as _refuse

# Before anything else is imported: it may be of the other package.
_refuse(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

@IMPORTS@
if TYPE_CHECKING:
    from . import aio


def __getattr__(name: str) -> Any:
    """Imports `atk.aio` on first use: asyncio takes longer than all the rest."""
    if name == "aio":
        import importlib

        return importlib.import_module(".aio", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
@NAMES@]


def _name_exports() -> None:
    """Gives what is exported the name under which it is imported and shown."""
    for name in __all__:
        value = globals().get(name)
        # Python 3.10 takes a `Callable[...]` for a class.
        is_alias = isinstance(value, types.GenericAlias) or value is CancelToken
        if isinstance(value, (type, types.FunctionType)) and not is_alias:
            value.__module__ = __name__


_name_exports()
del _name_exports, _refuse, os
