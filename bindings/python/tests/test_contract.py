"""Models, exceptions and the console script."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import atk
import pytest
from atk import _error
from atk._decode import decoder
from conftest import Sources


DETAILS: atk.Details = {"plugin": "mine", "variables": ["AA"]}


def test_every_exception_survives_a_copy() -> None:
    for code, error_class in _error.CLASSES.items():
        document = {"code": code, "number": 1, "exit_code": 1, "message": "m", "details": DETAILS}
        error = _error.from_document(document)
        assert type(error) is error_class is getattr(atk, error_class.__name__)
        assert (str(error), error.args, error.as_dict()) == ("m", ("m",), document)
        for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert type(same) is error_class and same == error
        assert error_class.__module__ == "atk"


def test_a_model_becomes_the_document_it_was_made_of() -> None:
    text = """{"plugins": [
        {"result": "done", "directory": "one", "name": "One", "outcome": {
            "commands": ["stop"], "warnings": ["w"]}},
        {"result": "skipped", "directory": "two", "name": "Two", "reason": "no_command"},
        {"result": "failed", "directory": "three", "name": "Three", "error": {
            "code": "plugin_on_fire", "number": 99, "exit_code": 1, "message": "m", "details": {}}}
    ], "warnings": ["of all"]}"""
    report: atk.Report[atk.Ran] = decoder(atk.Report[atk.Ran]).decode(text)
    assert report.done == {"one": atk.Ran(commands=("stop",), warnings=("w",))}
    assert report.warnings == ("of all",)
    assert report.skipped == {"two": atk.Skip.NO_COMMAND}
    assert type(report.failed["three"]) is atk.AtkError
    assert report.as_dict() == json.loads(text)
    source = decoder(atk.Source).decode('{"type": "git", "url": "https://h/x"}')
    assert source == atk.Source(type=atk.SourceKind.GIT, url="https://h/x")
    for unknown in ('{"result": "new"}', "[]"):
        with pytest.raises(TypeError):
            decoder(atk.Done[atk.Ran] | atk.Skipped).decode(unknown)


def test_the_console_script_is_the_command(home: atk.Home, sources: Sources) -> None:
    def run(*words: str) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "atk", *words], capture_output=True, text=True, check=False
        )

    assert run("--version").stdout == f"atk {atk.__version__}\n"
    assert run("add", sources.local("Mine"), "--json").returncode == 0
    assert json.loads(run("list", "--json").stdout)["plugins"][0]["directory"] == "mine"
    assert run("remove", "nobody", "--force").returncode == 4
    script = Path(sys.executable).with_name("atk")
    assert subprocess.run([script, "list"], check=True, capture_output=True).stdout


def test_the_package_is_imported_without_asyncio() -> None:
    # It takes longer than all the rest.
    script = "import sys, atk; assert not {'asyncio', 'difflib', 'pytest'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", script], check=True)
