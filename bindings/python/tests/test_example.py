"""The example project's own tests pass, with the fixtures of `atk.testing`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "example"


def test_the_example_project_passes_its_tests(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("__pycache__"))
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "base")]
    done = subprocess.run(
        [sys.executable, *words], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "6 passed" in done.stdout, done.stdout + done.stderr
