"""Wrong arguments and options are refused before anything starts, in Python's words."""

from __future__ import annotations

import asyncio
import datetime
import functools
import math
import os
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from unittest.mock import AsyncMock

import atk
import pytest
from conftest import Sources

INSTALLS = "lifecycle: {install: 'touch installed', uninstall: 'true'}\n"
ASKS = "env_vars: [{name: AA}]\n"


class Written(os.PathLike[str]):
    def __fspath__(self) -> str:
        return "greeter"


@pytest.mark.parametrize("path", [Path("./greeter"), PurePosixPath("greeter"), Written()])
def test_a_path_is_never_a_plugin_of_the_registry(
    home: atk.Home,
    sources: Sources,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: os.PathLike[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    there = atk.Home(home.path, registry=sources.registry(greeter=INSTALLS))
    assert there.resolve("greeter").type is atk.SourceKind.REGISTRY
    assert there.resolve(path).path == tmp_path / "greeter"
    for missing in (path, Path("github.com/org/tool"), Path("https://example.com/tool"), Path("~x")):
        resolved = there.resolve(missing)
        assert resolved.type is atk.SourceKind.LOCAL
        with pytest.raises(atk.SourceNotFoundError):
            there.add(missing, yes=True)
        with pytest.raises(atk.SourceNotFoundError):
            there.fetch(missing, tmp_path / "preview")
        with pytest.raises(atk.SourceNotFoundError):
            asyncio.run(atk.aio.Home(there.path).add(missing, yes=True))
    assert there.list() == [] and not (tmp_path / "preview").exists()

    Path(sources.local("Greeter")).rename(tmp_path / "greeter")
    assert there.add(path).source.type is atk.SourceKind.LOCAL
    assert atk.resolve(tmp_path / "greeter").path == tmp_path / "greeter"
    assert atk.resolve(Path("~/greeter")).path == tmp_path / "user/greeter"
    assert atk.resolve(Path("..")).type is atk.SourceKind.LOCAL


async def coroutine(_: object) -> None: ...


def generator(_: object) -> Iterator[None]:
    yield


async def generates(_: object) -> AsyncIterator[None]:
    yield


class Called:
    async def __call__(self, _: object) -> None: ...


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["on_event", "on_output", "on_prompt"])
@pytest.mark.parametrize(
    "callback",
    [coroutine, functools.partial(coroutine), Called(), AsyncMock(), generator, generates],
)
def test_a_callback_that_would_never_run_is_refused(
    home: atk.Home, sources: Sources, name: str, callback: Callable[..., Any]
) -> None:
    path = sources.local("Mine", ASKS + INSTALLS)
    with pytest.raises(TypeError, match=f"`{name}` must be a plain function"):
        home.add(path, **{name: callback})  # type: ignore[arg-type]
    if callback in (generator, generates):
        with pytest.raises(TypeError, match=f"`{name}` must be a plain function"):
            asyncio.run(atk.aio.Home(home.path).add(path, **{name: callback}))  # type: ignore[arg-type]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["on_event", "on_output", "on_prompt"])
@pytest.mark.parametrize("callback", [coroutine, generator, generates])
@pytest.mark.filterwarnings("error")
def test_a_callback_that_returns_what_nothing_runs_ends_the_operation(
    home: atk.Home, sources: Sources, name: str, callback: Callable[..., Any]
) -> None:
    more = ASKS + "lifecycle: {install: echo x, uninstall: 'true'}\n"
    with pytest.raises(TypeError, match=f"{name} returned a (coroutine|generator)"):
        home.add(sources.local("Mine", more), **{name: lambda event: callback(event)})  # type: ignore[arg-type]


WRONG: list[tuple[str, Callable[[Any], Any]]] = [
    ("`plugin` must be str or None, not dict; .* write yes=True", lambda h: h.upgrade({"yes": True})),
    ("write env=...", lambda h: h.add({"env": {"TOKEN": "s3cret"}})),
    ("`plugin` must be str or None, not list; pass one at a time", lambda h: h.start(["a", "b"])),
    ("pass its `.directory`", lambda h: h.upgrade(atk.Listed(directory="tool"))),
    ("`plugin` must be str, not None", lambda h: h.remove(None)),
    ("`plugin` must be str, not int", lambda h: h.show(3)),
    (r"not PosixPath; write str\(...\)", lambda h: h.mcp(Path("x"))),
    ("`source` must be str or PathLike, not bytes", lambda h: h.add(b"x")),
    ("`source` must be str or PathLike, not None", lambda h: h.resolve(None)),
    ("`dest` must be str or PathLike, not int", lambda h: h.fetch("x", 3)),
    ("`at` must be str or None, not int", lambda h: h.add("x", at=3)),
    ("`to` must be str or None, not UpgradePlan", lambda h: h.upgrade("x", to=atk.UpgradePlan())),
    ("`query` must be str or None, not int", lambda h: h.search(3)),
    ("`yes` must be bool, not str", lambda h: h.add("x", yes="no")),
    ("`adopt` must be bool, not int", lambda h: h.__class__.init(h.path, adopt=1)),
    ("`force` must be bool, not None", lambda h: h.remove("x", force=None)),
    (r"`trust` must be a sequence of str, not str; write \['\*'\]", lambda h: h.add("x", trust="*")),
    (r"`trust\[1\]` must be str, not int", lambda h: h.add("x", trust=["a", 3])),
    ("`trust` must be a sequence of str, not bool", lambda h: h.add("x", trust=True)),
    ("`trust` must be a sequence of str, not dict", lambda h: h.add("x", trust={"a": True})),
    (r"`args\[0\]` must be str, not int", lambda h: h.run("x", "script", [3])),
    (r"`args\[1\]` must be str, not int", lambda h: h.git("log", -1)),
    (r"`env` must be a mapping of str to str, or None, not list", lambda h: h.add("x", env=["A=b"])),
    (r"`env\['PORT'\]` must be str, not int; write str", lambda h: h.add("x", env={"PORT": 8080})),
    (r"`env\['A'\]` must be str, not None", lambda h: h.setup(env={"A": None})),
    ("`env` must have keys of type str, not int", lambda h: h.setup(env={3: "x"})),
    ("must be str, not bool; write 'yes' or 'no'", lambda h: h.add("x", answers={"trust:x": True})),
    ("`plan` must be an UpgradePlan, .*, not int", lambda h: h.upgrade(plan=3)),
    ("`plan` must be an UpgradePlan, .*, not Upgraded", lambda h: h.upgrade(plan=[atk.Upgraded()])),
    ("`on_event` must be callable or None, not list", lambda h: h.add("x", on_event=[])),
    ("`on_prompt` must be callable or None, not bool", lambda h: h.add("x", on_prompt=True)),
    ("`cancel` must be CancelToken or None, not Event", lambda h: h.add("x", cancel=asyncio.Event())),
]


@pytest.mark.parametrize("home", [atk.Home, atk.aio.Home])
@pytest.mark.parametrize("name", ["init", "clone", "open"])
def test_what_makes_a_handle_is_not_called_on_one(home: Any, name: str, tmp_path: Path) -> None:
    handle = home(tmp_path / "none")
    with pytest.raises(TypeError, match=rf"`Home.{name}\(...\)`"):
        getattr(handle, name)()
    assert pickle.loads(pickle.dumps(handle)) == handle


@pytest.mark.parametrize(("message", "call"), WRONG, ids=[message for message, _ in WRONG])
def test_a_wrong_argument_is_named_with_its_types(
    message: str, call: Callable[[Any], Any], tmp_path: Path
) -> None:
    # There is no home: nothing has looked for it yet.
    path = tmp_path / "none"
    with pytest.raises(TypeError, match=message) as raised:
        call(atk.Home(path))
    assert "s3cret" not in str(raised.value)

    async def main() -> None:
        with pytest.raises(TypeError, match=message):
            await call(atk.aio.Home(path))

    asyncio.run(main())
    assert not path.exists()


OPTIONS: list[tuple[type[Exception], str, dict[str, Any]]] = [
    (TypeError, "no option `regsitry`; did you mean `registry`", {"regsitry": "x"}),
    (TypeError, "no option `verbose`", {"verbose": True}),
    (TypeError, "`registry` must be str, not PosixPath", {"registry": Path("x")}),
    (TypeError, "`cache_dir` must be str or PathLike, not bytes; write os.fsdecode", {"cache_dir": b"x"}),
    (TypeError, "`wait` must be bool, not int", {"wait": 0}),
    (TypeError, "`network_timeout` must be float, not str", {"network_timeout": "5"}),
    (TypeError, "not timedelta; .*total_seconds", {"status_timeout": datetime.timedelta(1)}),
    (TypeError, "`max_files` must be int, not float", {"max_files": 1.5}),
    (TypeError, "`max_files` must be int, not bool", {"max_files": True}),
    (TypeError, r"`env\['PORT'\]` must be str or None, not int", {"env": {"PORT": 1}}),
    (TypeError, "`env` must be a mapping of str to str or None, not str", {"env": "A=b"}),
    (TypeError, "`path` must be str or PathLike, not bytes", {"path": b"x"}),
    (TypeError, "`path` must be str or PathLike, not dict", {"path": {"wait": False}}),
    (atk.InvalidArgumentError, "`path` is empty", {"path": ""}),
    (atk.InvalidArgumentError, "`cache_dir` is empty", {"cache_dir": ""}),
    (atk.InvalidArgumentError, "no user `nobody-there`", {"path": "~nobody-there/x"}),
    (atk.InvalidArgumentError, "null character", {"path": "a\0b"}),
    (atk.InvalidArgumentError, "`git` is not valid Unicode", {"git": os.fsdecode(b"\xff")}),
    (atk.InvalidArgumentError, "`registry` is not valid Unicode", {"registry": "\udcff"}),
    (atk.InvalidArgumentError, "`max_files` must be between 0 and", {"max_files": -1}),
    (atk.InvalidArgumentError, "`cache_limit` must be between", {"cache_limit": 2**64}),
    (atk.InvalidArgumentError, "not nan", {"network_timeout": math.nan}),
    (atk.InvalidArgumentError, "not inf", {"network_timeout": 10**400}),
    (atk.InvalidArgumentError, "not -1.0", {"network_timeout": -1}),
    (atk.InvalidArgumentError, "seconds", {"network_timeout": 1e300}),
]


@pytest.mark.parametrize(("kind", "message", "options"), OPTIONS, ids=[row[1] for row in OPTIONS])
def test_a_wrong_option_is_named(
    kind: type[Exception], message: str, options: dict[str, Any]
) -> None:
    for home in (atk.Home, atk.Home.open, atk.Home.init, atk.aio.Home):
        with pytest.raises(kind, match=message) as raised:
            home(**options)
        assert " line 1" not in str(raised.value)


def test_texts_that_json_cannot_hold_are_named(home: atk.Home) -> None:
    for call in (
        lambda: home.add("\udcff"),
        lambda: home.add(Path("\udcff")),
        lambda: home.fetch("x", "\udcff"),
        lambda: home.upgrade("\udcff"),
        lambda: home.run("x", "script", ["\udcff"]),
        lambda: home.upgrade(plan="\udcff"),
    ):
        with pytest.raises(atk.InvalidArgumentError, match="is not valid Unicode"):
            call()


def test_every_path_is_absolute_and_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert atk.Home("home").path == tmp_path / "home"
    assert atk.Home(".").path == tmp_path
    assert atk.Home("~").path == tmp_path / "user"
    assert atk.Home(Path("~/x/./y/")).path == tmp_path / "user/x/y"
    other = atk.Home("~/x", user_home=tmp_path / "other", cache_dir="~/cache")
    assert other.path == tmp_path / "other/x"
    assert f"cache_dir='{tmp_path}/other/cache'" in repr(other)
    assert other == pickle.loads(pickle.dumps(other))
    plugin = "schema_version: '2026-01-23'\nname: Greeter\ndescription: Greets\n"
    (tmp_path / "other").mkdir()
    (tmp_path / "other/greeter.yaml").write_text(plugin)
    assert other.fetch("~/greeter.yaml", "~/made").path == tmp_path / "other/made"
    assert atk.Home("a/../home").path == tmp_path / "home"
    # Behind a link `..` leads elsewhere.
    (tmp_path / "deep/down").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "deep/down")
    assert atk.Home("link/../home").path == tmp_path / "deep/home"
    assert atk.Home("home") == atk.Home(tmp_path / "x/../home")
