"""ATK: installs, pins and upgrades the tools around AI-assisted development.

    import atk

    home = atk.Home()                    # ~/.atk
    home.init()
    added = home.add("openmemory", env={"TOKEN": "..."}, trust=["*"])
    print(added.name, added.source.pin)

    report = home.upgrade(yes=True)      # all plugins
    for directory, error in report.failed.items():
        print(directory, error.code, error)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._client import Home, fetch, resolve
from ._definition import (
    Definition,
    EnvVar,
    Lifecycle,
    Maturity,
    Mcp,
    Port,
    Service,
    ServiceType,
    Transport,
    Vendor,
)
from ._errors import (
    AtkError,
    InternalError,
    InvalidArgumentError,
    CancelledError,
    HostError,
    InteractionRequiredError,
    FileError,
    DeclinedError,
    HomeError,
    HomeNotInitializedError,
    HomeLockedError,
    PluginError,
    PluginNotInstalledError,
    PluginExistsError,
    DefinitionInvalidError,
    ContentRefusedError,
    SourceError,
    SourceInvalidError,
    SourceNotFoundError,
    TimedOutError,
    RegistryInvalidError,
    VariablesUnsetError,
    PortInUseError,
    TrustRequiredError,
    LifecycleError,
    GitError,
    NetworkError,
    AccessDeniedError,
    RepositoryNotFoundError,
)
from ._events import (
    Default,
    Event,
    Level,
    Message,
    OperationFinished,
    OperationStarted,
    Output,
    Progress,
    Prompt,
    PromptKind,
    Reply,
    Resolved,
    Step,
    Stream,
    USE_DEFAULT,
)
from ._models import (
    Added,
    CacheEntry,
    CacheReport,
    CommandChange,
    Done,
    Failed,
    Fetched,
    FileChanges,
    Found,
    Initialized,
    Installed,
    Listed,
    McpConfig,
    McpServer,
    PortStatus,
    Push,
    Ran,
    Readme,
    Removed,
    Report,
    RepositoryStatus,
    RunState,
    ScriptEnded,
    ServiceStatus,
    SetUp,
    Skip,
    Skipped,
    Source,
    SourceInfo,
    SourceKind,
    State,
    StatusReport,
    UnknownReason,
    UpgradePlan,
    Upgraded,
)
from ._native import VERSION as __version__
from ._native import CancelToken

if TYPE_CHECKING:
    from . import aio


def __getattr__(name: str) -> Any:
    """Imports `atk.aio` where it is asked for: asyncio takes longer than all the rest."""
    if name == "aio":
        import importlib

        return importlib.import_module(".aio", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "AccessDeniedError",
    "Added",
    "AtkError",
    "CacheEntry",
    "CacheReport",
    "CancelToken",
    "CancelledError",
    "CommandChange",
    "ContentRefusedError",
    "DeclinedError",
    "Default",
    "Definition",
    "DefinitionInvalidError",
    "Done",
    "EnvVar",
    "Event",
    "Failed",
    "Fetched",
    "FileChanges",
    "FileError",
    "Found",
    "GitError",
    "Home",
    "HomeError",
    "HomeLockedError",
    "HomeNotInitializedError",
    "HostError",
    "Initialized",
    "Installed",
    "InteractionRequiredError",
    "InternalError",
    "InvalidArgumentError",
    "Level",
    "Lifecycle",
    "LifecycleError",
    "Listed",
    "Maturity",
    "Mcp",
    "McpConfig",
    "McpServer",
    "Message",
    "NetworkError",
    "OperationFinished",
    "OperationStarted",
    "Output",
    "PluginError",
    "PluginExistsError",
    "PluginNotInstalledError",
    "Port",
    "PortInUseError",
    "PortStatus",
    "Progress",
    "Prompt",
    "PromptKind",
    "Push",
    "Ran",
    "Readme",
    "RegistryInvalidError",
    "Removed",
    "Reply",
    "Report",
    "RepositoryNotFoundError",
    "RepositoryStatus",
    "Resolved",
    "RunState",
    "ScriptEnded",
    "Service",
    "ServiceStatus",
    "ServiceType",
    "SetUp",
    "Skip",
    "Skipped",
    "Source",
    "SourceError",
    "SourceInfo",
    "SourceInvalidError",
    "SourceKind",
    "SourceNotFoundError",
    "TimedOutError",
    "State",
    "StatusReport",
    "Step",
    "Stream",
    "Transport",
    "TrustRequiredError",
    "USE_DEFAULT",
    "UnknownReason",
    "UpgradePlan",
    "Upgraded",
    "VariablesUnsetError",
    "Vendor",
    "aio",
    "fetch",
    "resolve",
    "__version__",
]
