"""The script of the README does what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import atk
from conftest import Sources


def test_the_script_brings_a_home_to_a_new_machine(
    home: atk.Home, sources: Sources, tmp_path: Path
) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    (script,) = re.findall(r"```python\n(# bootstrap\.py.*?)```", readme, re.S)
    file = tmp_path / "bootstrap.py"
    file.write_text(script)
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
