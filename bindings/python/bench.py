"""How long `Home.list()` takes on a home of 100 plugins, against the library's own time."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import atk
from atk import _native

PIN = "0123456789abcdef0123456789abcdef01234567"
ENTRY = """- name: Plugin {number}
  directory: plugin-{number}
  source:
    type: registry
    ref: {pin}
    url: null
"""


def make(path: Path) -> atk.Home:
    home = atk.Home.init(path, cache_dir=path.parent / "cache")
    manifest = path / "manifest.yaml"
    entries = "".join(ENTRY.format(number=number, pin=PIN) for number in range(100))
    text = manifest.read_text().replace("plugins: []\n", f"plugins:\n{entries}")
    manifest.write_text(text)
    for number in range(100):
        plugin = path / f"plugins/plugin-{number}"
        plugin.mkdir(parents=True)
        (plugin / "plugin.yaml").write_text("name: x\n")
        (plugin / ".atk-ref").write_text(f"{PIN}\n")
    subprocess.run(["git", "-C", path, "commit", "-qam", "Fill"], check=True)
    return home


def median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(500):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        home = make(Path(scratch) / "home")
        core = _native.time_list(home.path, 500)
        whole = median(home.list)
        ratio = whole / core
        verdict = "ok" if ratio <= 1.5 else "OVER"
        print(f"Home.list(), 100 plugins   the library  {core:8.1f} us")
        print(f"                           from Python  {whole:8.1f} us")
        print(f"                           ratio        {ratio:8.2f}x   at most 1.50x   {verdict}")


if __name__ == "__main__":
    main()
