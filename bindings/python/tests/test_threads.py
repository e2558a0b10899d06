"""What else goes on while an operation runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import atk
import pytest
from conftest import Sources

SLOW = "lifecycle: {install: 'echo begun; exec sleep 30', uninstall: 'true'}\n"


@pytest.mark.usefixtures("unchanged")
def test_what_a_callback_raises_comes_out_unchanged(home: atk.Home, sources: Sources) -> None:
    class Mine(Exception):
        pass

    mine = Mine("of the callback")

    def raises(_: object) -> atk.Reply:
        raise mine

    variable = "env_vars: [{name: AA}]\n"
    for how in ({"on_prompt": raises}, {"on_event": raises}, {"on_output": raises}):
        more = variable + "lifecycle: {install: echo x, uninstall: 'true'}\n"
        path = sources.local(f"Mine {next(iter(how))}", more)
        with pytest.raises(Mine) as raised:
            home.add(path, **how)  # type: ignore[arg-type]
        assert raised.value is mine
        assert raised.traceback[-1].name == "raises"
    with pytest.raises(TypeError, match="on_prompt returned int"):
        home.add(sources.local("Other", variable), on_prompt=lambda _: 5)  # type: ignore[arg-type,return-value]


def test_callbacks_run_on_the_calling_thread_and_may_call_again(
    home: atk.Home, sources: Sources
) -> None:
    threads: set[int] = set()
    inner: list[int] = []

    def hear(_: atk.Event) -> None:
        threads.add(threading.get_ident())
        inner.append(len(home.list()))

    home.add(sources.local("Mine"), on_event=hear)
    assert threads == {threading.get_ident()}
    assert inner[0] == 0 and inner[-1] == 1


def test_a_callback_cannot_wait_for_its_own_operation(
    home: atk.Home, sources: Sources, tmp_path: Path
) -> None:
    others: list[atk.Home] = []
    path = sources.local("Other")

    def change(_: object) -> None:
        with pytest.raises(atk.HomeNestedError) as raised:
            home.add(path)
        assert raised.value.code == "home_nested"

    def hear(event: atk.Output) -> None:
        change(event)
        # Another home is not held; from within its callbacks this one still is.
        others.append(atk.Home.init(tmp_path / "elsewhere", on_event=change))

    more = "lifecycle: {install: echo x, uninstall: 'true'}\n"
    home.add(sources.local("Mine", more), on_output=hear)
    assert [one.directory for one in home.list()] == ["mine"] and others[0].list() == []
    home.add(path)


@pytest.mark.usefixtures("unchanged")
def test_other_threads_run_meanwhile_and_one_of_them_cancels(
    home: atk.Home, sources: Sources
) -> None:
    token = atk.CancelToken()
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        while not token.cancelled:
            ticks += 1
            time.sleep(0.001)
            if ticks == 300:
                token.cancel()

    thread = threading.Thread(target=tick)
    thread.start()
    began = time.monotonic()
    with pytest.raises(atk.CancelledError):
        home.add(sources.local("Slow", SLOW), cancel=token)
    thread.join()
    assert ticks >= 300 and time.monotonic() - began < 10


@pytest.mark.usefixtures("unchanged")
def test_ctrl_c_is_heard_without_any_callback(home: atk.Home, sources: Sources) -> None:
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        home.add(sources.local("Slow", SLOW))
    assert time.monotonic() - began < 3


def test_four_at_once(sources: Sources, tmp_path: Path) -> None:
    paths = [sources.local(f"Plugin {number}") for number in range(4)]
    home = atk.Home.init(tmp_path / "four")
    threads = [threading.Thread(target=home.add, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(home.list()) == 4


def test_a_fork_works_afterwards(home: atk.Home, sources: Sources) -> None:
    home.add(sources.local("Mine"))
    child = os.fork()
    if child == 0:
        os._exit(0 if [one.directory for one in home.list()] == ["mine"] and home.status().ok else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_the_interpreter_may_exit_in_the_middle(home: atk.Home, sources: Sources) -> None:
    path = sources.local("Slow", SLOW)
    script = (
        "import atk, threading\n"
        f"home = atk.Home({str(home.path)!r})\n"
        "begun = threading.Event()\n"
        f"work = lambda: home.add({path!r}, on_output=lambda _: begun.set())\n"
        "threading.Thread(target=work, daemon=True).start()\n"
        "begun.wait(20)\n"
    )
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
    assert home.list() == []


@pytest.mark.usefixtures("unchanged")
def test_what_a_callback_raises_ends_no_other_operation_of_the_same_token(
    home: atk.Home, sources: Sources
) -> None:
    def raises(_: object) -> None:
        raise ZeroDivisionError

    token = atk.CancelToken()
    with pytest.raises(ZeroDivisionError):
        home.add(sources.local("Mine"), on_event=raises, cancel=token)
    assert not token.cancelled


def test_a_child_is_cancelled_with_its_parent_and_not_the_other_way_round() -> None:
    parent = atk.CancelToken()
    child, other = parent.child(), parent.child().child()
    child.cancel()
    assert (parent.cancelled, child.cancelled, other.cancelled) == (False, True, False)
    parent.cancel()
    assert other.cancelled


@pytest.mark.usefixtures("unchanged")
def test_a_cancel_while_a_question_is_open_counts_more_than_the_answer(
    home: atk.Home, sources: Sources
) -> None:
    token = atk.CancelToken()

    def answers(_: atk.Prompt) -> atk.Reply:
        token.cancel()
        return "value"

    path = sources.local("Mine", "env_vars: [{name: AA}]\n")
    with pytest.raises(atk.CancelledError):
        home.add(path, on_prompt=answers, cancel=token)
    with pytest.raises(atk.CancelledError):
        home.add(path, cancel=token)
