"""Every operation, as a script would use it."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
from pathlib import Path

import atk
import pytest
from conftest import Sources

SERVICE = (
    "env_vars: [{name: TOKEN, required: true, secret: true}]\n"
    "lifecycle: {install: echo installed, uninstall: 'true', start: touch up, stop: rm -f up, "
    "status: test -e up, logs: echo the log}\n"
    "mcp: {transport: stdio, command: $ATK_PLUGIN_DIR/serve, env: [TOKEN]}\n"
)


def test_a_life_from_add_to_remove(home: atk.Home, sources: Sources) -> None:
    assert atk.Home.init().path == home.path
    url = sources.tool("Tool", SERVICE, script="echo script $1; exit 3\n")
    output: list[str] = []
    added = home.add(
        url,
        env={"TOKEN": "s3cret"},
        trust=["*"],
        on_output=lambda event: output.append(event.text),
    )
    assert (added.name, added.directory, added.installed) == ("Tool", "tool", True)
    assert added.source.type is atk.SourceKind.GIT and len(added.source.pin or "") == 40
    assert added.path == home.path / "plugins/tool"
    assert output == ["installed\n"]
    (listed,) = home.list()
    assert listed == atk.Listed(
        name="Tool", directory="tool", source=added.source, state=atk.State.READY
    )

    assert home.start("tool").done["tool"].commands == ("start",)
    assert home.status().done["tool"].state is atk.RunState.RUNNING
    assert home.restart().done["tool"].commands == ("stop", "start")
    assert home.stop().ok
    assert home.status("tool").done["tool"].state is atk.RunState.STOPPED
    home.logs("tool", on_output=lambda event: output.append(event.text))
    assert output[-1] == "the log\n"
    ended = home.run("tool", "script", ["x"], on_output=lambda event: output.append(event.text))
    assert ended == atk.ScriptEnded(script="script", exit_code=3, warnings=())
    assert output[-1] == "script x\n"
    assert home.git("rev-parse", "HEAD").exit_code == 0
    server = home.mcp("tool")
    assert {server.name: server.config.as_dict()} == {
        "Tool": {
            "command": f"{home.path}/plugins/tool/serve",
            "env": {"TOKEN": "s3cret"},
        }
    }
    assert home.readme("tool").text is None

    assert home.upgrade().skipped == {"tool": atk.Skip.UP_TO_DATE}
    sources.change(url, script="echo new\n", README="new\n")
    plan = home.plan_upgrade().done["tool"]
    assert (plan.files.added, plan.files.changed) == (("README",), ("script",))
    assert plan.needs_trust
    upgraded = home.upgrade("tool", yes=True).done["tool"]
    assert upgraded.plan == plan and upgraded.commit is not None
    assert home.setup("tool", env={"TOKEN": "other"}).done["tool"].written == ("TOKEN",)
    assert home.install().done["tool"].installed

    removed = home.remove("tool", force=True)
    assert removed.uninstalled and removed.was_installed
    assert home.list() == []


def test_resolve_fetch_and_search_need_no_home(sources: Sources, tmp_path: Path) -> None:
    assert atk.resolve("openmemory").name == "openmemory"
    assert atk.resolve("github.com/org/tool").type is atk.SourceKind.GIT
    fetched = atk.fetch(sources.tool("Tool", "ports: [{port: 80}]\n"), tmp_path / "preview")
    assert fetched.files == ("plugin.yaml",)
    assert fetched.definition.ports[0].port == 80
    home = atk.Home(tmp_path / "none", registry=sources.registry(echo="", other=""))
    assert [found.name for found in home.search("ECH").plugins] == ["echo"]
    assert home.cache().bytes > 0
    assert home.clear_cache().entries and home.cache().entries == ()


def test_prompts_are_answered_by_any_callable(home: atk.Home, sources: Sources) -> None:
    variables = (
        "env_vars: [{name: TOKEN, required: true, secret: true}, {name: MODE, default: fast}, "
        "{name: MORE}]\n"
    )
    asked: list[atk.Prompt] = []

    class Answers:
        def __call__(self, prompt: atk.Prompt) -> atk.Reply:
            asked.append(prompt)
            answers: dict[str, atk.Reply] = {"trust:tool": True, "env:tool:TOKEN": "it's $x"}
            return answers.get(prompt.id, atk.USE_DEFAULT)

    home.add(sources.tool("Tool", variables), on_prompt=Answers())
    assert [prompt.id for prompt in asked] == [
        "trust:tool",
        "env:tool:TOKEN",
        "env:tool:MODE",
        "env:tool:MORE",
    ]
    assert asked[1].kind is atk.PromptKind.SECRET and asked[2].default == "fast"
    text = (home.path / "plugins/tool/.env").read_text()
    assert text == "_ATK_SH= : <<'_ATK_SH='\nTOKEN='it\\'s $x'\n_ATK_SH=\nMODE=fast\n"


def test_events_tell_what_goes_on(home: atk.Home, sources: Sources) -> None:
    events: list[atk.Event] = []
    home.add(sources.local("Mine"), on_event=events.append)
    assert events[0] == atk.OperationStarted(operation="add", subject=str(sources.root / "mine"))
    assert isinstance(events[1], atk.Resolved)
    assert events[-1] == atk.OperationFinished(operation="add")


def test_a_report_has_a_line_for_each_plugin(home: atk.Home, sources: Sources) -> None:
    home.add(sources.local("One", "lifecycle: {start: 'true'}\n"))
    home.add(sources.local("Two", "lifecycle: {start: echo why >&2; exit 4}\n"))
    home.add(sources.local("Three"))
    report = home.start()
    assert [type(line) for line in report] == [atk.Done, atk.Failed, atk.Skipped]
    assert not report.ok and report.skipped == {"three": atk.Skip.NO_COMMAND}
    error = report.failed["two"]
    assert isinstance(error, atk.LifecycleError)
    assert error.details.get("command_exit_code") == 4 and error.details.get("output") == "why"
    with pytest.raises(atk.LifecycleError):
        report.raise_for_failures()
    assert pickle.loads(pickle.dumps(report)) == report


def test_the_history_is_as_long_as_asked_for(home: atk.Home, sources: Sources) -> None:
    for name in ("One", "Two"):
        home.add(sources.local(name), yes=True)

    def names(limit: int | None = None) -> list[str]:
        return [entry.plugins[0].name for entry in home.history(limit=limit)]

    assert names() == ["Two", "One"]
    assert names(1) == ["Two"]
    assert names(0) == []
    with pytest.raises(atk.InvalidArgumentError, match="`limit`"):
        names(-1)
    with pytest.raises(TypeError, match="limit"):
        names(True)


def test_errors_say_what_they_are(home: atk.Home, sources: Sources) -> None:
    with pytest.raises(atk.PluginNotInstalledError) as raised:
        home.start("nobody")
    error = raised.value
    assert isinstance(error, LookupError)
    assert (error.code, error.number, error.exit_code) == ("plugin_not_installed", 40, 4)
    assert error.details.get("plugin") == "nobody"
    assert pickle.loads(pickle.dumps(error)) == error
    with pytest.raises(atk.VariablesUnsetError) as raised_unset:
        home.add(sources.local("Mine", "env_vars: [{name: AA, required: true}]\n"))
    assert raised_unset.value.details.get("variables") == ["AA"]
    with pytest.raises(PermissionError):
        home.add(sources.tool("Tool"))
    with pytest.raises(ValueError):
        home.add("ext::sh -c x")
    home.add(sources.local("Gone"))
    with pytest.raises(atk.InteractionRequiredError) as raised_asked:
        home.remove("gone")
    assert raised_asked.value.details.get("prompt") == "confirm:remove:gone"
    with pytest.raises(atk.DeclinedError):
        home.remove("gone", answers={"confirm:remove:gone": "no"})
    home.remove("gone", yes=True)
    with pytest.raises(atk.HomeNotInitializedError):
        atk.Home(home.path / "none").list()
    with pytest.raises(atk.InvalidArgumentError):
        home.add("x", at="a..b")
    with pytest.raises(TypeError):
        home.add("x", trust="*")


def test_settings_reach_the_library(sources: Sources, tmp_path: Path) -> None:
    env = {"ADDED": "yes", "PATH": "/usr/bin:/bin"}
    home = atk.Home.init(tmp_path / "other", env=env, max_files=1)
    output: list[str] = []
    plugin = sources.local("Mine", "lifecycle: {logs: echo $ADDED}\n")
    home.add(plugin)
    home.logs("mine", on_output=lambda event: output.append(event.text))
    assert output == ["yes\n"]
    with pytest.raises(atk.ContentRefusedError):
        home.add(sources.tool("Tool", more="", extra="x"), yes=True)
    assert atk.Home().path == tmp_path / "home"
    with pytest.raises(TypeError):
        atk.Home.open(regsitry="x")  # type: ignore[call-arg]
    with pytest.raises(atk.InvalidArgumentError):
        atk.Home(network_timeout=-1)


def test_the_whole_environment_can_be_given_whatever_is_in_it(
    home: atk.Home, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environb, b"ODD", b"\xff")
    monkeypatch.setenv("AA", "given")
    home.add(sources.local("Mine", "env_vars: [{name: AA}, {name: ODD}]\n"), env=os.environ)
    assert (home.path / "plugins/mine/.env").read_text() == "AA=given\n"


def test_a_home_may_be_anywhere(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"bytes \xff")
    home = atk.Home.init(path)
    assert home.path == path and path.is_dir()
    assert home.list() == []


def test_a_manifest_without_a_repository_is_adopted(home: atk.Home, tmp_path: Path) -> None:
    directory = tmp_path / "adopted"
    directory.mkdir()
    (directory / "manifest.yaml").write_bytes((home.path / "manifest.yaml").read_bytes())
    adopted = atk.Home(directory)
    with pytest.raises(atk.HomeNotInitializedError, match="manifest.yaml"):
        adopted.list()
    assert atk.Home.init(directory, adopt=True).list() == []
    assert adopted.list() == []


def test_messages_are_logged_unless_there_is_a_callback(
    home: atk.Home, sources: Sources, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    plugin = sources.local("Mine")
    home.add(plugin)
    assert [record.name for record in caplog.records] == ["atk"] * len(caplog.records)
    caplog.clear()
    # An operation that warns.
    home.stop()
    (record,) = caplog.records
    assert (record.levelname, vars(record)["plugin"]) == ("WARNING", "mine")
    assert record.getMessage() == "`Mine` declares no `stop` command"
    home.stop(on_output=lambda _: None)
    assert len(caplog.records) == 2
    asyncio.run(atk.aio.Home(home.path).stop())
    assert len(caplog.records) == 3
    caplog.clear()
    home.stop(on_event=lambda _: None)
    assert caplog.records == []
    # An operation that sends no events.
    home.add(sources.local("Served", "mcp: {transport: stdio, command: serve}\n"))
    (home.path / "plugins/served/.env").write_text("no assignment\n")
    caplog.clear()
    warnings = home.mcp("served").warnings
    assert warnings and [record.getMessage() for record in caplog.records] == [*warnings]


def test_a_program_that_configures_no_logging_prints_nothing(
    home: atk.Home, sources: Sources, capfd: pytest.CaptureFixture[str]
) -> None:
    home.add(sources.local("Mine"))
    script = f"import atk; report = atk.Home({str(home.path)!r}).stop(); assert report.skipped"
    subprocess.run([sys.executable, "-c", script], check=True)
    assert capfd.readouterr() == ("", "")


def test_a_report_says_what_became_of_each_plugin_while_it_happens(
    home: atk.Home, sources: Sources
) -> None:
    home.add(sources.local("One", "lifecycle: {start: 'true'}\n"))
    home.add(sources.local("Two", "lifecycle: {start: exit 4}\n"))
    lines: list[tuple[object, ...]] = []

    def hear(event: atk.Event) -> None:
        if isinstance(event, atk.PluginStarted):
            lines.append((event.plugin, event.position, event.total))
        if isinstance(event, atk.PluginFinished):
            lines.append((event.plugin, event.result))

    home.start(on_event=hear)
    assert lines == [
        ("one", 1, 2),
        ("one", atk.PluginResult.DONE),
        ("two", 2, 2),
        ("two", atk.PluginResult.FAILED),
    ]


def test_show_has_everything_about_a_plugin(home: atk.Home, sources: Sources) -> None:
    variables = "env_vars: [{name: TOKEN, required: true, secret: true}, {name: MODE}]\n"
    url = sources.tool("Tool", variables, script="exit 0\n")
    home.add(url, env={"TOKEN": "s3cret", "MODE": "fast"}, yes=True)
    shown = home.show("tool")
    assert shown.definition is not None and shown.definition.name == "Tool"
    assert [(one.name, one.value, one.origin) for one in shown.variables] == [
        ("TOKEN", None, atk.ValueOrigin.ENV_FILE),
        ("MODE", "fast", atk.ValueOrigin.ENV_FILE),
    ]
    assert (shown.scripts, shown.edited, shown.state) == (("script",), (), "ready")
    assert shown.pinned_at is not None and shown.source.url == url
    assert asyncio.run(atk.aio.Home(home.path).show("tool")) == shown
    assert shown.as_dict()["source"]["type"] == "git"
