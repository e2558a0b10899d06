"""The fleet: three homes of which one has no repository, twice."""

from __future__ import annotations

import json
from pathlib import Path

import atk
import fleet
import pytest
from atk.testing import PluginFactory


def test_a_fleet_is_bootstrapped_and_reported(
    atk_home: atk.Home,
    atk_plugins: PluginFactory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = {"name": "TOKEN", "required": True, "secret": True}
    notes = atk_plugins.git(
        "notes", env_vars=[token], lifecycle={"install": 'test -n "$TOKEN" && touch installed'}
    )
    broken = atk_plugins.git("broken", lifecycle={"install": 'test -e "$HOME/repaired"'})
    (Path.home() / "repaired").touch()
    atk_home.add(notes, env={"TOKEN": "mine"}, yes=True)
    atk_home.add(broken, yes=True)
    (Path.home() / "repaired").unlink()

    common = {"env": ["TOKEN"], "trust": ["*"]}
    homes = [
        {"name": name, "path": str(tmp_path / name), "repository": str(repository), **common}
        for name, repository in (
            ("one", atk_home.path),
            ("two", atk_home.path),
            ("lost", tmp_path / "nowhere"),
        )
    ]
    (tmp_path / "fleet.json").write_text(json.dumps({"homes": homes}))
    words = [str(tmp_path / name) for name in ("fleet.json", "report.json", "report.md")]
    monkeypatch.setenv("TOKEN", "t0p")

    assert fleet.main(words) == 1
    report = json.loads((tmp_path / "report.json").read_text())
    one, two, lost = report["homes"]
    assert one["cloned"] and list(one["ready"]) == list(two["ready"]) == ["notes"]
    assert one["failed"]["broken"]["code"] == "lifecycle_failed"
    assert lost["error"]["code"] == "repository_not_found" and not lost["ok"]
    assert (tmp_path / "one/plugins/notes/installed").exists()
    markdown = (tmp_path / "report.md").read_text()
    assert f"| one | notes | ready | {one['ready']['notes'][:10]} |" in markdown
    assert "| two | broken | **failed** |" in markdown and "3 homes, 3 with failures" in markdown
    assert "t0p" not in markdown + json.dumps(report)

    # Again, with one cause of the failures repaired: what was done is not cloned again.
    (Path.home() / "repaired").touch()
    assert fleet.main(words) == 1
    one, two, lost = json.loads((tmp_path / "report.json").read_text())["homes"]
    assert one["ok"] and two["ok"] and not one["cloned"] and lost["error"] is not None
