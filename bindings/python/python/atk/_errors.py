"""The exceptions: one base, a class for each thing that a caller would do differently."""

from __future__ import annotations

import json
from typing import Any


class AtkError(Exception):
    """Why an operation failed. The home is then as it was before."""

    def __init__(
        self, message: str, *, code: str, number: int, exit_code: int, details: dict[str, Any]
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        """The stable identifier of the kind (`plugin_not_installed`)."""
        self.number = number
        """The stable number of the kind."""
        self.exit_code = exit_code
        """The status that the command `atk` would exit with."""
        self.details = details
        """What the error is about: `plugin`, `path`, `url`, `prompt`, `variables`, `problems`,
        `command`, `command_exit_code`, `output`, `help`, each where it applies."""

    def as_dict(self) -> dict[str, Any]:
        """The document that the command `atk --json` shows for it."""
        return {
            "code": self.code,
            "number": self.number,
            "exit_code": self.exit_code,
            "message": self.message,
            "details": self.details,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return (from_document, (self.as_dict(),))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AtkError) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((self.code, self.message))


class InternalError(AtkError):
    """A defect of ATK itself. Please report it."""


class InvalidArgumentError(AtkError, ValueError):
    """An argument or option has a value that the operation cannot take."""


class CancelledError(AtkError):
    """The operation was cancelled."""


class HostError(AtkError):
    """A callback failed."""


class InteractionRequiredError(AtkError):
    """A question was left unanswered; `details["prompt"]` is its id."""


class FileError(AtkError, OSError):
    """The file system refused something."""


class DeclinedError(AtkError):
    """The answer to a question was no."""


class HomeError(AtkError):
    """Something about the home itself."""


class HomeNotInitializedError(HomeError, LookupError):
    """The path is not a home."""


class HomeLockedError(HomeError):
    """Another operation holds the home's lock."""


class PluginError(AtkError):
    """Something about a plugin."""


class PluginNotInstalledError(PluginError, LookupError):
    """No plugin of that directory or name is in the manifest."""


class PluginExistsError(PluginError):
    """The plugin is in the manifest already."""


class DefinitionInvalidError(PluginError, ValueError):
    """The plugin definition cannot be used; `details["problems"]` lists why."""


class ContentRefusedError(PluginError):
    """The plugin's files break a rule of safe placement."""


class SourceError(AtkError):
    """Something about where a plugin comes from."""


class SourceInvalidError(SourceError, ValueError):
    """The source string cannot be used."""


class SourceNotFoundError(SourceError, LookupError):
    """There is no plugin at the source."""


class RegistryInvalidError(SourceError):
    """The registry's index cannot be used."""


class VariablesUnsetError(AtkError):
    """Required variables have no value; `details["variables"]` names them."""


class PortInUseError(AtkError):
    """A port that the plugin declares is in use."""


class TrustRequiredError(AtkError, PermissionError):
    """The source must be trusted before its commands run, and nobody said yes."""


class LifecycleError(AtkError):
    """A command of the plugin failed; `details` has its exit code and last output."""


class GitError(AtkError):
    """Git or the network failed."""


class NetworkError(GitError, ConnectionError):
    """The host of a source cannot be reached, or was silent for too long."""


class TimedOutError(NetworkError, TimeoutError):
    """The host of a source was silent for too long."""


class AccessDeniedError(GitError, PermissionError):
    """The server wants credentials, or refuses the ones it got."""


class RepositoryNotFoundError(GitError, LookupError):
    """There is no repository, no commit in it, or not the one that is pinned."""


CLASSES: dict[str, type[AtkError]] = {
    "internal": InternalError,
    "invalid_argument": InvalidArgumentError,
    "cancelled": CancelledError,
    "host_failed": HostError,
    "interaction_required": InteractionRequiredError,
    "io": FileError,
    "declined": DeclinedError,
    "home_not_initialized": HomeNotInitializedError,
    "home_occupied": HomeError,
    "home_invalid": HomeError,
    "home_locked": HomeLockedError,
    "home_nested": HomeLockedError,
    "home_in_progress": HomeError,
    "recovery_failed": HomeError,
    "plugin_not_installed": PluginNotInstalledError,
    "plugin_exists": PluginExistsError,
    "directory_occupied": PluginExistsError,
    "definition_invalid": DefinitionInvalidError,
    "content_refused": ContentRefusedError,
    "local_not_upgradable": PluginError,
    "not_declared": PluginError,
    "source_invalid": SourceInvalidError,
    "source_not_found": SourceNotFoundError,
    "not_in_registry": SourceNotFoundError,
    "registry_invalid": RegistryInvalidError,
    "variables_unset": VariablesUnsetError,
    "port_in_use": PortInUseError,
    "trust_required": TrustRequiredError,
    "lifecycle_failed": LifecycleError,
    "git_missing": GitError,
    "git_failed": GitError,
    "network_failed": NetworkError,
    "timed_out": TimedOutError,
    "access_denied": AccessDeniedError,
    "repository_not_found": RepositoryNotFoundError,
    "repository_empty": RepositoryNotFoundError,
    "pin_not_found": RepositoryNotFoundError,
    "commit_refused": GitError,
}
"""The class of each kind of error, by its identifier."""

for _made in (AtkError, PluginError, SourceError, GitError, *CLASSES.values()):
    # As which they are imported and shown.
    _made.__module__ = "atk"


def from_document(document: dict[str, Any]) -> AtkError:
    """The exception for the document of an error."""
    made = CLASSES.get(document["code"], AtkError)
    return made(
        document["message"],
        code=document["code"],
        number=document["number"],
        exit_code=document["exit_code"],
        details=document["details"],
    )


def from_json(text: str) -> AtkError:
    """The exception for an error as JSON. Called by the native half."""
    return from_document(json.loads(text))
