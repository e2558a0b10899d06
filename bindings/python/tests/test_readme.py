"""The scripts of the README do what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import atk
from conftest import DEFINITION, Sources


README = (Path(__file__).parents[1] / "README.md").read_text()


def script(name: str, directory: Path) -> Path:
    """The script of that name, in a file."""
    (text,) = re.findall(rf"```python\n(# {name}\.py.*?)```", README, re.S)
    file = directory / f"{name}.py"
    file.write_text(text)
    return file


def test_the_script_asks_and_adds(sources: Sources, tmp_path: Path) -> None:
    file = script("add", tmp_path)
    variables = "env_vars: [{name: TOKEN, required: true, secret: true}, {name: MODE, default: dflt}]\n"
    commands = "lifecycle: {install: echo $TOKEN $MODE, uninstall: 'true'}\n"
    url = sources.tool("Tool", variables + commands)
    directory = tmp_path / "new"

    def add(typed: str) -> subprocess.CompletedProcess[str]:
        # In a session of its own: `getpass` would ask the terminal of the test.
        return subprocess.run(
            [sys.executable, file, directory, url],
            input=typed,
            start_new_session=True,
            capture_output=True,
            text=True,
            check=False,
        )

    refused = add("n\n")
    assert refused.returncode == 0 and refused.stderr.startswith("declined: "), refused.stderr
    assert "trust file://" in refused.stdout and "install: echo $TOKEN $MODE" in refused.stdout
    assert atk.Home(directory).list() == []
    unanswered = add("y\n\n\n")
    assert unanswered.returncode == 8 and "variables_unset: " in unanswered.stderr
    added = add("y\ns3cret\n\n")
    assert added.returncode == 0, added.stderr
    lines = added.stdout.splitlines()
    assert lines[-1] == "added Tool: ready" and "s3cret dflt" in lines and "placing files" in added.stdout
    again = add("")
    assert again.returncode == 0 and again.stdout == "tool is already installed\n"


def test_the_script_brings_a_home_to_a_new_machine(
    home: atk.Home, sources: Sources, tmp_path: Path
) -> None:
    file = script("bootstrap", tmp_path)
    good = "env_vars: [{name: TOKEN, required: true}]\nlifecycle: {install: echo $TOKEN >made, uninstall: 'true'}\n"
    home.add(sources.tool("Good", good), env={"TOKEN": "old"}, yes=True)
    bad = sources.tool("Bad")
    home.add(bad, yes=True)
    subprocess.run(["rm", "-rf", bad.removeprefix("file://"), str(tmp_path / "cache")], check=True)

    there = tmp_path / "laptop"
    done = subprocess.run(
        [sys.executable, file, home.path, there],
        env={**os.environ, "TOKEN": "new"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    failures = json.loads(done.stdout)
    assert list(failures) == ["bad"]
    assert failures["bad"]["code"] == "repository_not_found"
    assert (there / "plugins/good/made").read_text() == "new\n"


def test_the_script_shows_and_upgrades_exactly_that(
    home: atk.Home, sources: Sources, tmp_path: Path
) -> None:
    commands = "lifecycle: {{install: 'echo {}', uninstall: 'true'}}\nenv_vars: [{{name: AA}}]\n"
    url = sources.tool("Tool", commands.format("old"))
    home.add(url, yes=True)
    old = home.show("tool").source.pin
    definition = DEFINITION.format(name="Tool", more=commands.format("new"))
    sources.change(url, **{"plugin.yaml": definition})
    done = subprocess.run(
        [sys.executable, script("review", tmp_path), home.path],
        capture_output=True,
        text=True,
        check=False,
    )
    new = home.show("tool").source.pin
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert lines[:4] == [
        f"Tool: ready, from {url}",
        "  AA: not set",
        f"tool: {old} -> {new}",
        "  lifecycle.install: echo old -> echo new",
    ]
    assert lines.index("[1/1] Tool") > 3
    assert any(line.startswith("  fetching: ") for line in lines)
    assert any(line.startswith("  running: ") for line in lines) and lines[-1] == "  done"


def test_the_script_follows_the_changes(
    home: atk.Home, sources: Sources, tmp_path: Path
) -> None:
    words = [sys.executable, str(script("follow", tmp_path)), str(home.path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as follow:
        assert follow.stdout is not None
        assert follow.stdout.readline() == "watching\n"
        home.add(sources.local("Mine"))
        while follow.stdout.readline() != "mine ready\n":
            assert follow.poll() is None
        home.remove("mine", force=True)
        while follow.stdout.readline() != "mine removed\n":
            assert follow.poll() is None
        follow.terminate()


def test_the_test_of_the_readme_passes(tmp_path: Path) -> None:
    (text,) = re.findall(r"```python\n(def test_my_program.*?)```", README, re.S)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["atk.testing"]\n')
    (tmp_path / "test_readme.py").write_text(text)
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "base")]
    done = subprocess.run(
        [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr
