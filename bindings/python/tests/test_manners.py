"""What Python programs expect of every package: names, types, copies and errors."""

from __future__ import annotations

import asyncio
import copy
import enum
import json
import pickle
import pydoc
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import atk
import atk.aio
import pytest
from atk import _error
from conftest import Sources


def exported() -> Iterator[tuple[str, Any]]:
    for module in (atk, atk.aio):
        for name in module.__all__:
            yield f"{module.__name__}.{name}", getattr(module, name)


def is_class(value: object) -> TypeGuard[type]:
    # Python 3.10 takes a `Callable[...]` for a class.
    return isinstance(value, type) and not isinstance(value, types.GenericAlias)


def functions(of: type) -> Iterator[Any]:
    members = {name: member for base in reversed(of.__mro__) for name, member in vars(base).items()}
    for member in members.values():
        if isinstance(member, property):
            yield member.fget
        elif isinstance(member, (classmethod, staticmethod)):
            yield typing.cast(Any, member).__func__
        elif isinstance(member, types.FunctionType):
            yield member


def test_the_types_of_everything_can_be_asked_for() -> None:
    seen = 0
    for name, value in exported():
        if is_class(value) or isinstance(value, types.FunctionType):
            typing.get_type_hints(value)
            seen += 1
        if is_class(value):
            for function in functions(value):
                hints = typing.get_type_hints(function)
                # Except what dataclasses, enums and exceptions have of themselves.
                if (function.__module__ or "").startswith("atk") and function.__name__[0] != "_":
                    assert "return" in hints, (name, function)
                seen += 1
    assert seen > 400
    hints = typing.get_type_hints(atk.Home.open)
    assert set(typing.get_type_hints(atk.Home.add)) > {"source", "env", "on_event", "return"}
    assert hints["return"] is not None and typing.get_type_hints(atk.Listed)["state"] is atk.State


def test_everything_has_the_name_under_which_it_is_imported() -> None:
    for name, value in exported():
        module, _, own = name.rpartition(".")
        if is_class(value) or isinstance(value, types.FunctionType):
            assert (value.__module__, value.__qualname__) == (module, own)
            assert value.__doc__, name
            assert pickle.loads(pickle.dumps(value)) is value


def test_fields_are_described_where_help_shows_them() -> None:
    for _, value in exported():
        if is_class(value) and "__dataclass_fields__" in vars(value):
            for field in vars(value)["__dataclass_fields__"]:
                if field not in ("event", "result") and not field.startswith("_"):
                    assert f"- `{field}`: " in (value.__doc__ or ""), (value, field)
        if is_class(value) and issubclass(value, enum.Enum) and value is not atk.Default:
            for member in value:
                assert f"- `{member.value}`: " in (value.__doc__ or "")
    text = pydoc.plain(pydoc.render_doc(atk.Shown))
    assert "`pinned_at`: When the commit" in text
    options = pydoc.plain(pydoc.render_doc(atk.Options))
    assert "`max_files`: How many files and links a plugin may have; 10,000" in options


def test_each_kind_of_error_has_a_class_of_its_own() -> None:
    codes = typing.get_args(atk.ErrorCode)
    assert set(codes) == set(_error.CLASSES)
    classes = [_error.CLASSES[code] for code in codes]
    assert len(set(classes)) == len(codes)
    # A handler for one kind does not get another, unless that is a special case of it.
    parents = {
        (kind.__name__, other.__name__)
        for kind in classes
        for other in classes
        if kind is not other and issubclass(kind, other) and other is not atk.GitError
    }
    assert parents == {
        ("NotInRegistryError", "SourceNotFoundError"),
        ("TimedOutError", "NetworkError"),
    }
    assert not issubclass(atk.PinNotFoundError, atk.RepositoryNotFoundError)
    assert not issubclass(atk.NotDeclaredError, atk.PluginNotInstalledError)


def test_an_error_is_made_of_a_message_alone() -> None:
    for code, kind in _error.CLASSES.items():
        error = kind("what failed")
        assert (str(error), error.code, error.details) == ("what failed", code, {})
        assert kind.code == code and error.number == kind.number > 0
        assert (error.plugin, error.variables, error.problems) == (None, (), ())
        assert pickle.loads(pickle.dumps(error)) == error == copy.deepcopy(error)
        assert error.as_dict()["message"] == "what failed" and kind().message == ""
    assert atk.PluginNotInstalledError.exit_code == 4
    for group in (atk.AtkError, atk.HomeError, atk.PluginError, atk.SourceError):
        assert group("m").as_dict() == {**atk.InternalError("m").as_dict()}
    error = atk.VariablesUnsetError("m", details={"plugin": "x", "variables": ["A"]})
    assert (error.plugin, error.variables, error.help) == ("x", ("A",), None)


def test_errors_have_what_they_are_about_as_attributes(home: atk.Home, sources: Sources) -> None:
    home.add(sources.local("Mine", "lifecycle: {start: echo why >&2; exit 4}\n"))
    with pytest.raises(atk.LifecycleError) as raised:
        home.start("mine")
    error = raised.value
    assert (error.plugin, error.command_exit_code, error.output) == ("mine", 4, "why")
    with pytest.raises(atk.NotDeclaredError):
        home.mcp("mine")
    (sources.root / "bad").mkdir()
    (sources.root / "bad/plugin.yaml").write_text("name: x\n")
    with pytest.raises(atk.DefinitionInvalidError) as invalid:
        home.add(sources.root / "bad")
    assert invalid.value.problems[0]["file"].endswith("bad/plugin.yaml")


def test_enums_are_texts() -> None:
    assert f"{atk.State.READY} {atk.Maturity.AI_GENERATED!s}" == "ready ai-generated"
    assert atk.State.READY == "ready" and {"ready": 1}[atk.State.READY] == 1  # type: ignore[comparison-overlap]
    assert json.dumps([atk.State.READY]) == '["ready"]' and repr(atk.State.READY) == (
        "<State.READY: 'ready'>"
    )
    for _, value in exported():
        if is_class(value) and issubclass(value, enum.Enum) and value is not atk.Default:
            assert issubclass(value, str)


def test_models_are_made_of_what_a_test_looks_at() -> None:
    for _, value in exported():
        if is_class(value) and "__dataclass_fields__" in vars(value):
            model = typing.cast(Any, value)
            made = model(outcome=atk.Added()) if value is atk.Done else model()
            assert made == copy.deepcopy(made) == pickle.loads(pickle.dumps(made))
            assert json.loads(json.dumps(made.as_dict())) == made.as_dict()
    assert atk.Prompt(id="trust:x").kind is atk.PromptKind.CONFIRM
    assert atk.Added(name="Tool").source.type is atk.SourceKind.REGISTRY
    local = atk.Source(type=atk.SourceKind.LOCAL, path=Path("/x"))
    assert local.as_dict() == {"type": "local", "path": "/x", "bare": False}
    output = atk.Output(plugin="x", chunk=b"a\xff")
    assert output.as_dict() == {
        "event": "output",
        "plugin": "x",
        "command": "",
        "stream": "stdout",
        "text": "a\ufffd",
    }


def test_a_home_is_a_value(tmp_path: Path) -> None:
    home = atk.Home(tmp_path, wait=False, env={"TOKEN": "s3cret"}, registry="https://u:pw@h/r")
    assert repr(home) == (
        f"atk.Home('{tmp_path}', wait=False, env={{'TOKEN': Ellipsis}}, "
        "registry='https://...@h/r')"
    )
    for same in (pickle.loads(pickle.dumps(home)), copy.copy(home), copy.deepcopy(home)):
        assert same == home and hash(same) == hash(home) and same.path == tmp_path
        assert same._options == home._options
    assert home != atk.Home(tmp_path) and atk.Home(tmp_path) == atk.Home(tmp_path)
    assert atk.Home(tmp_path) != atk.Home(tmp_path / "other") and home != tmp_path
    there = atk.aio.Home(tmp_path)
    assert there == pickle.loads(pickle.dumps(there)) != atk.Home(tmp_path)
    assert repr(there) == f"atk.aio.Home('{tmp_path}')" and len({there, atk.aio.Home(tmp_path)}) == 1

    class Mine(atk.Home):
        pass

    assert "Mine(" in repr(Mine(tmp_path)) and Mine(tmp_path) != atk.Home(tmp_path)
    with atk.Home(tmp_path) as entered:
        assert entered.path == tmp_path

    async def main() -> None:
        async with atk.aio.Home(tmp_path) as opened:
            assert opened.path == tmp_path

    asyncio.run(main())


def test_a_home_can_be_patched(home: atk.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "list", lambda: [atk.Listed(name="Tool")])
    assert home.list()[0].name == "Tool"
    there = atk.aio.Home(home.path)
    monkeypatch.setattr(there.sync, "list", home.list)
    assert asyncio.run(there.list())[0].state == "ready"

    def search(self: atk.Home, query: str) -> atk.SearchResult:
        return atk.SearchResult(plugins=(atk.Found(name=query),))

    monkeypatch.setattr(atk.Home, "search", search)
    assert home.search("x").plugins[0].name == "x"
