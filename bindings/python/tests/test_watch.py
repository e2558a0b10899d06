"""Changes of a home, whoever makes them; and a home on a new machine."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import atk
import pytest
from atk import aio
from conftest import Sources

VARIABLE = "env_vars: [{name: AA, required: true}]\n"


def watchers() -> int:
    return [thread.name for thread in threading.enumerate()].count("atk-watch")


def test_a_change_by_anyone_is_seen_at_once(home: atk.Home, sources: Sources) -> None:
    plugin = sources.local("Mine", "env_vars: [{name: AA}]\n")
    with home.watch() as changes:
        home.add(plugin)
        assert "mine" in next(changes).plugins

        # An editor that saves by renaming.
        env = home.path / "plugins/mine/.env"
        time.sleep(0.5)
        (home.path / "new").write_text("AA=1\n")
        os.replace(home.path / "new", env)
        while next(changes).plugins != ("mine",):
            pass

        # The command, in another process.
        words = [sys.executable, "-m", "atk", "remove", "mine", "--force"]
        subprocess.run(words, check=True, capture_output=True)
        for change in changes:
            if change.manifest:
                break
        assert home.list() == []
    assert list(changes) == [] and watchers() == 0


def test_a_watch_ends_with_its_token_its_close_or_its_last_reference(home: atk.Home) -> None:
    token = atk.CancelToken()
    changes = home.watch(cancel=token)
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    assert list(changes) == [] and list(changes) == []
    closed = home.watch()
    threading.Timer(0.2, closed.close).start()
    assert list(closed) == []
    dropped = home.watch()
    assert watchers() == 1
    del dropped
    until = time.monotonic() + 5
    while watchers() and time.monotonic() < until:
        time.sleep(0.01)
    assert watchers() == 0


def test_a_watch_of_no_home_fails_where_it_begins(tmp_path: Path) -> None:
    with pytest.raises(atk.HomeNotInitializedError):
        atk.Home(tmp_path).watch()
    with pytest.raises(TypeError, match="`cancel` must be CancelToken or None, not int"):
        atk.Home(tmp_path).watch(cancel=3)  # type: ignore[arg-type]

    async def main() -> None:
        with pytest.raises(atk.HomeNotInitializedError):
            async with aio.Home(tmp_path).watch():
                pass
        with pytest.raises(atk.HomeNotInitializedError):
            await aio.Home(tmp_path).watch().__anext__()

    asyncio.run(main())


def test_coroutines_iterate_and_lose_no_change(home: atk.Home, sources: Sources) -> None:
    async def main() -> None:
        there = aio.Home(home.path)
        async with there.watch() as changes:
            # Nothing happens, and waiting for it in vain loses nothing.
            for _ in range(3):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(changes.__anext__(), 0.05)
            await there.add(sources.local("Mine"))
            assert "mine" in (await asyncio.wait_for(changes.__anext__(), 5)).plugins
        assert [change async for change in changes] == [] and watchers() == 0

        token = atk.CancelToken()
        asyncio.get_running_loop().call_later(0.2, token.cancel)
        assert [change async for change in there.watch(cancel=token)] == []

        async def forever() -> None:
            async for _ in there.watch():
                pass

        task = asyncio.create_task(forever())
        await asyncio.sleep(0.2)
        assert watchers() == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(500):
            if watchers() == 0:
                break
            await asyncio.sleep(0.01)
        assert watchers() == 0

    asyncio.run(main())


def test_a_watch_uses_no_processor_and_a_program_may_end_in_the_middle(home: atk.Home) -> None:
    with home.watch():
        before = resource.getrusage(resource.RUSAGE_SELF)
        time.sleep(1)
        after = resource.getrusage(resource.RUSAGE_SELF)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.1
    script = f"import atk; changes = atk.Home({str(home.path)!r}).watch()"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_home_comes_to_a_new_machine(home: atk.Home, sources: Sources, tmp_path: Path) -> None:
    installs = VARIABLE + "lifecycle: {install: 'echo $AA >made', uninstall: 'true'}\n"
    home.add(sources.tool("Tool", installs), env={"AA": "old"}, yes=True)
    cloned = atk.Home.clone(home.path, tmp_path / "cloned")
    assert cloned.show("tool").state is atk.State.MISSING
    with pytest.raises(atk.RepositoryNotFoundError):
        atk.Home.clone(tmp_path / "nothing", tmp_path / "none")
    with pytest.raises(TypeError, match="`url` must be str, PathLike or None, not int"):
        atk.Home.clone(3, tmp_path / "none")  # type: ignore[arg-type]

    there = atk.Home(tmp_path / "there")
    for is_first in (True, False):
        report = there.bootstrap(home.path, env={"AA": "new"}, yes=True)
        assert (report.cloned, report.ok, list(report.done)) == (is_first, True, ["tool"])
        assert isinstance(report, atk.Report)
    assert (there.path / "plugins/tool/made").read_text() == "new\n"

    async def main() -> None:
        again = await aio.Home(tmp_path / "again").bootstrap(str(home.path), env={"AA": "x"}, yes=True)
        assert again.cloned and again.ok
        other = await aio.Home.clone(home.path, tmp_path / "other")
        assert len(await other.list()) == 1

    asyncio.run(main())
