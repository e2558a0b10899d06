"""A home, and the operations on it."""

from __future__ import annotations

import builtins
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from . import _events as events
from . import _models as models
from ._callbacks import OnEvent, OnOutput, OnPrompt, answer, hear
from ._decode import decoder
from ._errors import from_document
from ._native import CancelToken
from ._native import Home as NativeHome
from ._settings import Settings, StrPath

if TYPE_CHECKING:
    from typing_extensions import Unpack

T = TypeVar("T")

LISTED = list[models.Listed]
FOUND = list[models.Found]


def _line(outcome: Any, document: dict[str, Any]) -> Any:
    """A line of a report."""
    name = {"directory": document["directory"], "name": document["name"]}
    if document["result"] == "done":
        text = json.dumps(document["outcome"])
        return models.Done(**name, outcome=decoder(outcome).decode(text))
    if document["result"] == "skipped":
        return models.Skipped(**name, reason=models.Skip(document["reason"]))
    return models.Failed(**name, error=from_document(document["error"]))


class Home:
    """A handle on a home: the git-backed directory that plugins live in.

    Opening one reads nothing; each operation checks what it needs. A handle may be used by several
    threads at once. Operations release the interpreter while they work, call callbacks on the
    calling thread, and end with `KeyboardInterrupt` on Ctrl-C, after which the home is as it was.
    What a callback raises comes out of the operation unchanged; what it raises for
    `OperationFinished` comes too late to undo anything. Within a callback a home can be read, and
    other homes changed.
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        path: StrPath | None = None,
        *,
        registry: str | None = None,
        cache_dir: StrPath | None = None,
        base_dir: StrPath | None = None,
        user_home: StrPath | None = None,
        git: StrPath | None = None,
        env: Mapping[str, str | None] | None = None,
        wait: bool = True,
        network_timeout: float | None = None,
        network_rate: int | None = None,
        status_timeout: float | None = None,
        max_files: int | None = None,
        max_file_bytes: int | None = None,
        max_plugin_bytes: int | None = None,
        max_transfer_bytes: int | None = None,
        cache_limit: int | None = None,
    ) -> None:
        """Opens a home, which need not exist yet.

        Without a path it is `ATK_HOME`, else `~/.atk`. What is not given is as the command `atk`
        has it: `registry` is `ATK_REGISTRY_URL` or the public one, `cache_dir` is `ATK_CACHE_DIR`
        or below `~/.cache`. `env` changes the environment of child processes; None removes a
        variable. Without `wait` an operation fails with `HomeLockedError` while another holds the
        lock. `network_timeout` is the seconds without a byte after which a transfer ends,
        `network_rate` its lowest average rate in bytes a second.
        `status_timeout` the seconds that the `status` command of a plugin may take.
        """
        settings: dict[str, Any] = {
            "registry": registry,
            "cache_dir": _path(cache_dir),
            "base_dir": _path(base_dir),
            "user_home": _path(user_home),
            "git": _path(git),
            "env": dict(env or {}),
            "wait": wait,
            "network_timeout": network_timeout,
            "network_rate": network_rate,
            "status_timeout": status_timeout,
            "max_files": max_files,
            "max_file_bytes": max_file_bytes,
            "max_plugin_bytes": max_plugin_bytes,
            "max_transfer_bytes": max_transfer_bytes,
            "cache_limit": cache_limit,
        }
        given = {name: value for name, value in settings.items() if value is not None}
        native_path = None if path is None else Path(path).expanduser()
        self._native = NativeHome(native_path, json.dumps(given))

    @classmethod
    def open(cls, path: StrPath | None = None, **settings: Unpack[Settings]) -> Home:
        """The same as the constructor."""
        return cls(path, **settings)

    @property
    def path(self) -> Path:
        """The home's path."""
        return self._native.path

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"Home({str(self.path)!r})"

    def _call(
        self,
        made: Any,
        operation: str,
        request: dict[str, Any],
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> Any:
        given = {name: value for name, value in request.items() if value is not None}
        return self._native.call(
            operation,
            json.dumps(given),
            decoder(made),
            hear(on_event, on_output),
            answer(on_prompt),
            cancel,
        )

    def _report(
        self, outcome: type[T], operation: str, request: dict[str, Any], callbacks: Mapping[str, Any]
    ) -> models.Report[T]:
        document = self._call(dict, operation, request, **callbacks)
        return models.Report(plugins=tuple(_line(outcome, line) for line in document["plugins"]))

    def init(
        self,
        *,
        adopt: bool = False,
        on_event: OnEvent | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Initialized:
        """Creates the home: layout, repository, first commit. A valid home is left as it is. With
        `adopt`, also of a directory that has a manifest, but is not a git repository."""
        made = models.Initialized
        request = {"adopt": adopt}
        return _as(made, self._call(made, "init", request, on_event=on_event, cancel=cancel))

    def resolve(self, source: str) -> models.Source:
        """Says what a source means: a path, a git URL, or a registry name."""
        return _as(models.Source, self._call(models.Source, "resolve", {"source": source}))

    def fetch(
        self,
        source: str,
        dest: StrPath,
        *,
        at: str | None = None,
        on_event: OnEvent | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Fetched:
        """Brings a source's plugin files into a directory that does not exist or is empty, and
        checks them. Touches no home."""
        request = {"source": source, "dest": os.path.abspath(dest), "at": at}
        return _as(models.Fetched, self._call(models.Fetched, "fetch", request, on_event=on_event, cancel=cancel))

    def add(
        self,
        source: str | os.PathLike[str],
        *,
        at: str | None = None,
        env: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        trust: Sequence[str] = (),
        yes: bool = False,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Added:
        """Adds a plugin: fetches and checks it, asks what must be asked, puts it in place, runs its
        `install` command and commits.

        `env` has values of variables, `answers` answers by the ids of their questions, `trust`
        prefixes of the URLs of trusted sources; with them a script needs no callback.
        """
        request = {"source": os.fspath(source), "at": at, **_answers(env, answers, trust, yes)}
        callbacks = _callbacks(on_event, on_output, on_prompt, cancel)
        return _as(models.Added, self._call(models.Added, "add", request, **callbacks))

    def setup(
        self,
        plugin: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        on_event: OnEvent | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Report[models.SetUp]:
        """Asks for the variables of a plugin, or of all, and writes the answers to `.env`. Files
        that are missing are fetched at their pins first."""
        request = {"plugin": plugin, **_answers(env, answers)}
        callbacks = _callbacks(on_event, None, on_prompt, cancel)
        return self._report(models.SetUp, "setup", request, callbacks)

    def install(
        self,
        plugin: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Report[models.Installed]:
        """Brings the files of a plugin, or of all, to their pins where they are not, and runs their
        `install` commands: what makes the clone of a home work on a new machine."""
        request = {"plugin": plugin, **_answers(env)}
        callbacks = _callbacks(on_event, on_output, None, cancel)
        return self._report(models.Installed, "install", request, callbacks)

    def plan_upgrade(
        self,
        plugin: str | None = None,
        *,
        on_event: OnEvent | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Report[models.UpgradePlan]:
        """Says what `upgrade` would change. Nothing in the home changes."""
        callbacks = _callbacks(on_event, None, None, cancel)
        return self._report(models.UpgradePlan, "plan_upgrade", {"plugin": plugin}, callbacks)

    def upgrade(
        self,
        plugin: str | None = None,
        *,
        env: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        trust: Sequence[str] = (),
        yes: bool = False,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Report[models.Upgraded]:
        """Brings a plugin, or all, to the newest commit of its source, keeping what is the
        user's."""
        request = {"plugin": plugin, **_answers(env, answers, trust, yes)}
        callbacks = _callbacks(on_event, on_output, on_prompt, cancel)
        return self._report(models.Upgraded, "upgrade", request, callbacks)

    def remove(
        self,
        plugin: str,
        *,
        force: bool = False,
        ignore_failures: bool = False,
        answers: Mapping[str, str] | None = None,
        yes: bool = False,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        on_prompt: OnPrompt | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Removed:
        """Removes a plugin with all its files, after its `stop` and `uninstall` commands. Asks
        first, unless `force`; with `ignore_failures` goes on if `uninstall` or saving fails."""
        removal = {"plugin": plugin, "force": force, "ignore_failures": ignore_failures}
        request = {**removal, **_answers(None, answers, (), yes)}
        callbacks = _callbacks(on_event, on_output, on_prompt, cancel)
        return _as(models.Removed, self._call(models.Removed, "remove", request, **callbacks))

    uninstall = remove

    def start(
        self,
        plugin: str | None = None,
        *,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Report[models.Ran]:
        """Runs the `start` command of a plugin, or of all in the order of the manifest."""
        callbacks = _callbacks(on_event, on_output, None, cancel)
        return self._report(models.Ran, "start", {"plugin": plugin}, callbacks)

    def stop(
        self,
        plugin: str | None = None,
        *,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Report[models.Ran]:
        """Runs the `stop` command of a plugin, or of all in reverse."""
        callbacks = _callbacks(on_event, on_output, None, cancel)
        return self._report(models.Ran, "stop", {"plugin": plugin}, callbacks)

    def restart(
        self,
        plugin: str | None = None,
        *,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Report[models.Ran]:
        """Stops a plugin, or all, and starts it again."""
        callbacks = _callbacks(on_event, on_output, None, cancel)
        return self._report(models.Ran, "restart", {"plugin": plugin}, callbacks)

    def status(
        self,
        plugin: str | None = None,
        *,
        on_event: OnEvent | None = None,
        cancel: CancelToken | None = None,
    ) -> models.StatusReport:
        """Returns whether a plugin, or all, runs, what it lacks, and the repository's state."""
        callbacks = _callbacks(on_event, None, None, cancel)
        document = self._call(dict, "status", {"plugin": plugin}, **callbacks)
        repository = document["repository"]
        if repository is not None:
            repository = decoder(models.RepositoryStatus).decode(json.dumps(repository))
        return models.StatusReport(
            plugins=tuple(_line(models.ServiceStatus, line) for line in document["plugins"]),
            repository=repository,
            warnings=tuple(document["warnings"]),
        )

    def logs(
        self,
        plugin: str,
        *,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        cancel: CancelToken | None = None,
    ) -> models.Ran:
        """Runs the `logs` command of a plugin; what it writes goes to `on_output`."""
        callbacks = _callbacks(on_event, on_output, None, cancel)
        return _as(models.Ran, self._call(models.Ran, "logs", {"plugin": plugin}, **callbacks))

    def run(
        self,
        plugin: str,
        script: str,
        args: Sequence[str] = (),
        *,
        on_event: OnEvent | None = None,
        on_output: OnOutput | None = None,
        cancel: CancelToken | None = None,
    ) -> models.ScriptEnded:
        """Runs a script of a plugin, the user's own in `custom/` first. However it ends is the
        outcome."""
        request = {"plugin": plugin, "script": script, "args": list(args)}
        callbacks = _callbacks(on_event, on_output, None, cancel)
        return _as(models.ScriptEnded, self._call(models.ScriptEnded, "run", request, **callbacks))

    def git(
        self,
        *args: str,
        on_output: OnOutput | None = None,
        cancel: CancelToken | None = None,
    ) -> models.ScriptEnded:
        """Runs git in the home."""
        callbacks = _callbacks(None, on_output, None, cancel)
        return _as(models.ScriptEnded, self._call(models.ScriptEnded, "git", {"args": list(args)}, **callbacks))

    def list(self) -> builtins.list[models.Listed]:
        """The plugins of the manifest, in its order. Nothing is run."""
        listed: builtins.list[models.Listed] = self._call(LISTED, "list", {})
        return listed

    def search(
        self,
        query: str | None = None,
        *,
        on_event: OnEvent | None = None,
        cancel: CancelToken | None = None,
    ) -> builtins.list[models.Found]:
        """The plugins of the registry whose name or description has a text in it, in any case."""
        request = {"query": query}
        found: builtins.list[models.Found] = self._call(
            FOUND, "search", request, on_event=on_event, cancel=cancel
        )
        return found

    def mcp(self, plugin: str) -> models.McpServer:
        """The configuration of a plugin's MCP server, with the values of its variables."""
        return _as(models.McpServer, self._call(models.McpServer, "mcp", {"plugin": plugin}))

    def readme(self, plugin: str) -> models.Readme:
        """The `README.md` of a plugin."""
        return _as(models.Readme, self._call(models.Readme, "readme", {"plugin": plugin}))

    def cache(self) -> models.CacheReport:
        """What the object cache holds."""
        return _as(models.CacheReport, self._call(models.CacheReport, "cache", {}))

    def clear_cache(self) -> models.CacheReport:
        """Empties the object cache; says what it held."""
        return _as(models.CacheReport, self._call(models.CacheReport, "clear_cache", {}))


def resolve(source: str, **settings: Unpack[Settings]) -> models.Source:
    """Says what a source means, without a home."""
    return Home(**settings).resolve(source)


def fetch(
    source: str,
    dest: StrPath,
    *,
    at: str | None = None,
    on_event: OnEvent | None = None,
    cancel: CancelToken | None = None,
    **settings: Unpack[Settings],
) -> models.Fetched:
    """Brings a source's plugin files into a directory, without a home."""
    home = Home(**settings)
    return home.fetch(source, dest, at=at, on_event=on_event, cancel=cancel)


def _as(made: type[T], outcome: Any) -> T:
    """The outcome, of which the decoder made that type."""
    value: T = outcome
    return value


def _path(path: StrPath | None) -> str | None:
    return None if path is None else os.path.abspath(Path(path).expanduser())


def _answers(
    env: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None,
    trust: Sequence[str] = (),
    yes: bool = False,
) -> dict[str, Any]:
    if isinstance(trust, str):
        raise TypeError("trust is a sequence of prefixes, not a string")
    return {
        "env": {name: value for name, value in (env or {}).items() if _is_text(name + value)},
        "answers": dict(answers or {}),
        "trust": [*trust],
        "yes": yes,
    }


def _is_text(value: str) -> bool:
    """False for bytes of another encoding, which `os.environ` may have: they count as absent, so
    that all of it can be given."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _callbacks(
    on_event: OnEvent | None,
    on_output: OnOutput | None,
    on_prompt: Callable[[events.Prompt], Any] | None,
    cancel: CancelToken | None,
) -> dict[str, Any]:
    return {
        "on_event": on_event,
        "on_output": on_output,
        "on_prompt": on_prompt,
        "cancel": cancel,
    }
