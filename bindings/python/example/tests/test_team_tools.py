"""Tests of a program that uses ATK: with a scratch home, and without the network."""

from __future__ import annotations

from pathlib import Path

import atk
import pytest
import team_tools
from atk.testing import PluginFactory, Registry


def test_missing_plugins_come_from_the_registry(atk_home: atk.Home, atk_registry: Registry) -> None:
    token = {"name": "TOKEN", "required": True, "secret": True}
    atk_registry.add("notes", env_vars=[token], lifecycle={"install": "touch installed"})
    atk_registry.add("search")
    env = {"TOKEN": "t"}
    assert team_tools.add_missing(atk_home, ["notes", "search"], env) == ["notes", "search"]
    assert team_tools.add_missing(atk_home, ["notes", "search"], env) == []
    assert (atk_home.path / "plugins/notes/installed").exists()
    assert team_tools.describe(atk_home, "notes") == "notes: ready"
    # `atk.Home()` is the scratch home too.
    assert atk.Home() == atk_home
    (found,) = atk_home.search("note").plugins
    assert found.installed == "notes"


def test_only_what_was_reviewed_is_upgraded(
    atk_home: atk.Home, atk_plugins: PluginFactory
) -> None:
    urls = {name: atk_plugins.git(name, files={"text": "1"}) for name in ("one", "two", "three")}
    for url in urls.values():
        atk_home.add(url, yes=True)
        atk_plugins.change(url, {"text": "2"})

    def review(plan: atk.UpgradePlan) -> bool:
        if plan.directory == "three":
            # The author pushes while the plan is being read.
            atk_plugins.change(urls["three"], {"text": "surprise"})
        return plan.directory != "two"

    upgraded, failed = team_tools.upgrade_reviewed(atk_home, review)
    assert upgraded == ["one"] and list(failed) == ["three"]
    texts = {name: (atk_home.path / f"plugins/{name}/text").read_text() for name in urls}
    assert texts == {"one": "2", "two": "1", "three": "1"}


def test_a_failure_is_reported(atk_home: atk.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = atk.UpgradePlan(directory="one")
    report = atk.Report(plugins=(atk.Done(directory="one", outcome=plan),))
    monkeypatch.setattr(atk_home, "plan_upgrade", lambda: report)

    def fail(**_: object) -> None:
        raise atk.NetworkError("no network")

    monkeypatch.setattr(atk_home, "upgrade", fail)
    assert team_tools.upgrade_reviewed(atk_home, lambda _: True) == ([], {"one": "no network"})


def test_the_program_lists_what_is_there(
    atk_home: atk.Home,
    atk_plugins: PluginFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = atk_plugins.local("Local One", files={"bin/hello": "#!/bin/sh\necho hello\n"})
    monkeypatch.setattr("sys.argv", ["team_tools", str(script)])
    team_tools.main()
    assert capsys.readouterr().out == "Local One: ready\n"
    assert atk_home.run("local-one", "bin/hello").exit_code == 0


def test_nothing_of_the_machine_is_used(atk_home: atk.Home, tmp_path: Path) -> None:
    for path in (atk_home.path, atk_home.cache().path, Path.home()):
        assert path.is_relative_to(tmp_path)
