"""Checks arguments and options before anything starts.

The native half takes JSON; whatever does not fit there is refused here, in Python's words: which
parameter, what it must be, and what it is.
"""

from __future__ import annotations

import functools
import inspect
import math
import numbers
import operator
import os
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, SupportsIndex, TypeGuard

from ._errors import InvalidArgumentError
from ._models import Done, Report, UpgradePlan
from ._native import CancelToken

Plan = UpgradePlan | Report[UpgradePlan] | Done[UpgradePlan] | str
"""What `upgrade` may carry out: a plan, all plans of a report, or the digest of a plan."""

MOST = 2**63 - 1
"""The largest number that every library can take."""


def checked_text(name: str, value: object, *, optional: bool = False) -> str | None:
    """Returns a text."""
    if value is None and optional:
        return None
    if not isinstance(value, str):
        raise wrong_type(name, "str or None" if optional else "str", value, _text_hint(value))
    return unicode(name, value)


def checked_source(name: str, value: object, *, optional: bool = False) -> str | None:
    """Returns a source. A `PathLike` is always a local path, however it is written."""
    if value is None and optional:
        return None
    if isinstance(value, str):
        return unicode(name, value)
    if not _is_path(value):
        raise wrong_type(
            name,
            "str, PathLike or None" if optional else "str or PathLike",
            value,
            _text_hint(value),
        )
    path = unicode(name, _path_text(name, value))
    # pathlib drops the `./` that distinguishes a path from a name of the registry.
    if path == "~" or path.startswith(("/", "~/")):
        return path
    return f"./{path}"


def checked_url(name: str, value: object, *, optional: bool = False) -> str | None:
    """Returns the URL of a repository. A `PathLike` is a path, however it is written."""
    if value is None and optional:
        return None
    if _is_path(value):
        return checked_path(name, value)
    if not isinstance(value, str):
        expected = "str, PathLike or None" if optional else "str or PathLike"
        raise wrong_type(name, expected, value, _text_hint(value))
    return unicode(name, value)


def checked_path(
    name: str, value: object, user_home: str | None = None, *, optional: bool = False
) -> str | None:
    """Returns an absolute path, with `~` expanded and without `..`, as JSON can hold it."""
    if value is None and optional:
        return None
    return unicode(name, absolute(name, value, user_home))


def checked_flag(name: str, value: object) -> bool:
    """Returns True or False."""
    if not isinstance(value, bool):
        raise wrong_type(name, "bool", value)
    return value


def checked_count(name: str, value: object, *, optional: bool = False) -> int | None:
    """Returns a number of things."""
    if value is None and optional:
        return None
    return _integer(name, value)


def checked_texts(name: str, values: object) -> list[str]:
    """Returns a list of texts.

    A string is refused: it is a sequence of its characters, which is never meant.
    """
    if isinstance(values, str):
        raise wrong_type(name, "a sequence of str", values, f"write [{values!r}]")
    if not _is_sequence(values):
        raise wrong_type(name, "a sequence of str", values)
    return [_item(f"{name}[{place}]", value) for place, value in enumerate(values)]


def checked_pairs(name: str, values: object) -> dict[str, str] | None:
    """Returns texts by name.

    `os.environ` may have values in another encoding; they count as absent, so that all of it can
    be passed.
    """
    if values is None:
        return None
    pairs = _mapping(name, values, "a mapping of str to str, or None")
    for key, value in pairs.items():
        if not isinstance(value, str):
            raise wrong_type(f"{name}[{key!r}]", "str", value, _pair_hint(value))
    return {key: value for key, value in pairs.items() if is_unicode(key + value)}


def checked_plan(name: str, value: object) -> list[str] | None:
    """Returns the digests of plans: of one, of a report of plans, or of several of these."""
    if value is None:
        return None
    return _digests(name, value)


def planned_plugin(plugin: object, plan: object) -> object:
    """Returns the plugin to upgrade: a single plan names its own."""
    return plan.directory if plugin is None and isinstance(plan, UpgradePlan) else plugin


def checked_option(name: str, kind: str, value: object, user_home: str | None) -> object:
    """Returns an option of a handle."""
    match kind:
        case "path":
            return checked_path(name, value, user_home)
        case "flag":
            return checked_flag(name, value)
        case "integer":
            return _integer(name, value)
        case "number":
            return _number(name, value)
        case "pairs":
            return _variables(name, value)
        case "lists":
            return _lists(name, value)
        case _:
            return checked_text(name, value)


def checked_callback(name: str, callback: object, *, coroutines: bool) -> None:
    """Refuses what cannot be called back: it would never run."""
    if callback is None:
        return
    if not callable(callback):
        raise wrong_type(name, "callable or None", callback)
    call = getattr(callback, "__call__", None)
    is_coroutine = inspect.iscoroutinefunction(callback) or inspect.iscoroutinefunction(call)
    if is_coroutine and not coroutines:
        raise TypeError(
            f"`{name}` must be a plain function, not a coroutine function; "
            "`atk.aio.Home` takes coroutine functions"
        )
    for is_generator in (inspect.isgeneratorfunction, inspect.isasyncgenfunction):
        if is_generator(callback) or is_generator(call):
            raise TypeError(f"`{name}` must be a plain function, not a generator function")


def checked_result(name: str, result: object) -> object:
    """Refuses what a callback returned instead of having run."""
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError(
            f"{name} returned a coroutine, which nothing awaits; "
            "`atk.aio.Home` takes coroutine functions"
        )
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise TypeError(f"{name} returned a generator, which nothing runs")
    return result


def checked_cancel(cancel: object) -> None:
    """Refuses anything but a token."""
    if cancel is not None and not isinstance(cancel, CancelToken):
        raise wrong_type("cancel", "CancelToken or None", cancel)


def absolute(name: str, value: object, user_home: str | None = None) -> str:
    """Returns an absolute path without `..`. A leading `~` is `user_home`, if that is given."""
    path = _path_text(name, value)
    if not path:
        raise InvalidArgumentError(
            f"`{name}` is empty; the working directory is `{name}='.'`"
        )
    if "\0" in path:
        raise InvalidArgumentError(f"`{name}` contains a null character")
    if user_home is not None and (path == "~" or path.startswith("~/")):
        expanded = user_home + path[1:]
    else:
        expanded = os.path.expanduser(path)
    if path.startswith("~") and expanded == path:
        user = path.split("/")[0]
        raise InvalidArgumentError(
            f"`{name}`: there is no user `{user[1:]}`; a directory of that name is `./{user}`"
        )
    parts = os.path.join(os.getcwd(), expanded).split("/")
    if ".." not in parts:
        return os.path.normpath("/".join(parts))
    # Behind a link `..` does not lead back, so that what is before the last one is looked up.
    last = len(parts) - parts[::-1].index("..")
    return os.path.normpath(os.path.join(os.path.realpath("/".join(parts[:last])), *parts[last:]))


def wrong_type(name: str, expected: str, value: object, hint: str = "") -> TypeError:
    """Returns the error for an argument of another type."""
    found = "None" if value is None else type(value).__name__
    return TypeError(f"`{name}` must be {expected}, not {found}{'; ' if hint else ''}{hint}")


def unicode(name: str, value: str) -> str:
    """Refuses a text that JSON cannot hold: bytes of another encoding."""
    if not is_unicode(value):
        raise InvalidArgumentError(f"`{name}` is not valid Unicode: {value!a}")
    return value


def is_unicode(value: str) -> bool:
    """Whether a text has no bytes of another encoding."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_mapping(value: object) -> TypeGuard[Mapping[Any, object]]:
    return isinstance(value, Mapping)


def _is_sequence(value: object) -> TypeGuard[Iterable[object]]:
    return isinstance(value, Iterable) and not isinstance(value, (bytes, Mapping))


def _is_path(value: object) -> TypeGuard[os.PathLike[Any]]:
    return isinstance(value, os.PathLike)


def _is_done(value: object) -> TypeGuard[Done[object]]:
    return isinstance(value, Done)


def _is_report(value: object) -> TypeGuard[Report[object]]:
    return isinstance(value, Report)


def _path_text(name: str, value: object) -> str:
    path: object = os.fspath(value) if _is_path(value) else value
    if not isinstance(path, str):
        hint = "write os.fsdecode(...)" if isinstance(path, bytes) else ""
        raise wrong_type(name, "str or PathLike", path, hint)
    return path


def _item(name: str, value: object) -> str:
    if not isinstance(value, str):
        is_plain = isinstance(value, (int, float)) or _is_path(value)
        raise wrong_type(name, "str", value, "write str(...)" if is_plain else "")
    return unicode(name, value)


def _mapping(name: str, values: object, expected: str) -> dict[str, Any]:
    if not _is_mapping(values):
        raise wrong_type(name, expected, values)
    for key in values:
        if not isinstance(key, str):
            raise TypeError(f"`{name}` must have keys of type str, not {type(key).__name__}")
    return dict(values)


def _variables(name: str, values: object) -> dict[str, str | None]:
    pairs = _mapping(name, values, "a mapping of str to str or None")
    for key, value in pairs.items():
        place = f"{name}[{key!r}]"
        if value is not None and not isinstance(value, str):
            raise wrong_type(place, "str or None", value, _pair_hint(value))
    return {key: value for key, value in pairs.items() if is_unicode(key + (value or ""))}


def _lists(name: str, values: object) -> dict[str, list[str]]:
    lists = _mapping(name, values, "a mapping of str to sequences of str")
    return {key: checked_texts(f"{name}[{key!r}]", value) for key, value in lists.items()}


def _integer(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise wrong_type(name, "int", value)
    number = operator.index(value)
    if not 0 <= number <= MOST:
        raise InvalidArgumentError(f"`{name}` must be between 0 and {MOST}, not {number}")
    return number


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        hint = "write ....total_seconds()" if hasattr(value, "total_seconds") else ""
        raise wrong_type(name, "float", value, hint)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or number < 0:
        raise InvalidArgumentError(f"`{name}` must be a number of seconds, not {number}")
    return number


def _digests(name: str, value: object) -> list[str]:
    if isinstance(value, UpgradePlan):
        return [value.digest]
    if _is_done(value):
        return _digests(name, value.outcome)
    if _is_report(value):
        return [digest for plan in value.done.values() for digest in _digests(name, plan)]
    if isinstance(value, str):
        return [unicode(name, value)]
    expected = "an UpgradePlan, a Report of plans, a digest, or a sequence of these"
    if not _is_sequence(value):
        raise wrong_type(name, expected, value)
    return [digest for one in value for digest in _digests(name, one)]


def _text_hint(value: object) -> str:
    if _is_mapping(value) and all(isinstance(key, str) for key in value):
        # Only flags are shown: other values may be secrets.
        shown = {key: repr(flag) if isinstance(flag, bool) else "..." for key, flag in value.items()}
        options = ", ".join(f"{key}={flag}" for key, flag in shown.items())
        return f"options are keyword arguments: write {options or 'name=value'}"
    if isinstance(getattr(value, "directory", None), str):
        return "pass its `.directory`"
    if isinstance(value, (list, tuple, set)):
        return "pass one at a time"
    if isinstance(value, os.PathLike):
        return "write str(...)"
    return ""


def _pair_hint(value: object) -> str:
    if isinstance(value, bool):
        return "write 'yes' or 'no'"
    return "write str(...)" if isinstance(value, (int, float, os.PathLike)) else ""


def keep_for_the_class(handle: object) -> None:
    """Refuses the class methods that make a handle to one that is made: without a path they would
    make the default home, whatever the path of the handle is."""
    for name in ("init", "clone", "open"):
        handle.__dict__[name] = functools.partial(_refuse, name)


def _refuse(name: str, *_: object, **__: object) -> NoReturn:
    raise TypeError(f"`{name}` makes a handle: call it on the class, `Home.{name}(...)`")
