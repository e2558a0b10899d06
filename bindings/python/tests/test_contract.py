"""The types of this package are those of the library."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import atk
from atk import _errors, _native
from conftest import Sources

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "tests/conformance/api.json").read_text()
)
# In other shapes here: lines and reports are generic, an error is an exception.
OTHERS = {"Error", "Details", "Problem", "Source"}


def test_every_document_has_its_dataclass() -> None:
    for name, schema in SCHEMA["$defs"].items():
        if name in OTHERS or name.startswith(("ReportOf", "LineOf")) or "properties" not in schema:
            continue
        made = getattr(atk, name)
        fields = {field.name for field in dataclasses.fields(made)}
        assert fields == set(schema["properties"]), name


def test_every_enum_has_all_values() -> None:
    for name, schema in SCHEMA["$defs"].items():
        values = [case["const"] for case in schema.get("oneOf", ()) if "const" in case]
        if values:
            assert [member.value for member in getattr(atk, name)] == values, name


def test_every_event_has_its_dataclass() -> None:
    from atk._callbacks import EVENTS

    cases = {
        case["properties"]["event"]["const"]: set(case["properties"]) - {"event"}
        for case in SCHEMA["$defs"]["Event"]["oneOf"]
    }
    assert cases["output"] == {"plugin", "command", "stream", "text"}
    # Its text is bytes here.
    cases["output"] = {"plugin", "command", "stream", "chunk"}
    fields = {name: {f.name for f in dataclasses.fields(made)} for name, made in EVENTS.items()}
    assert fields == cases


def test_every_kind_of_source_has_its_fields() -> None:
    fields = {field.name for field in dataclasses.fields(atk.Source)}
    for case in SCHEMA["$defs"]["Source"]["oneOf"]:
        assert set(case["properties"]) <= fields


def test_every_error_kind_has_its_exception() -> None:
    kinds = {kind for _, kind, _ in _native.kinds()}
    assert kinds == set(_errors.CLASSES)
    assert kinds == set(SCHEMA["$defs"]["ErrorKind"]["enum"])
    for number, kind, exit_code in _native.kinds():
        error = _errors.from_document(
            {"code": kind, "number": number, "exit_code": exit_code, "message": "m", "details": {}}
        )
        assert type(error) is _errors.CLASSES[kind]
        assert (error.code, error.number, error.exit_code) == (kind, number, exit_code)
        assert (str(error), error.args) == ("m", ("m",))
        for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert type(same) is type(error) and same == error
        assert getattr(atk, type(error).__name__) is type(error)
        assert type(error).__module__ == "atk"


def test_every_operation_has_its_method() -> None:
    for home in (atk.Home, atk.aio.Home):
        for operation in _native.operations():
            assert callable(getattr(home, operation)), operation
    assert set(_native.operations()) == {operation["name"] for operation in SCHEMA["operations"]}


def test_the_console_script_is_the_command(home: atk.Home, sources: Sources) -> None:
    def run(*words: str) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "atk", *words], capture_output=True, text=True, check=False
        )

    assert run("--version").stdout == f"atk {atk.__version__}\n"
    assert run("add", sources.local("Mine"), "--json").returncode == 0
    assert json.loads(run("list", "--json").stdout)[0]["directory"] == "mine"
    assert run("remove", "nobody", "--force").returncode == 4
    script = Path(sys.executable).with_name("atk")
    assert subprocess.run([script, "list"], check=True, capture_output=True).stdout
