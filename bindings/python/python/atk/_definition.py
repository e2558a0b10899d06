"""A plugin definition."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Maturity(enum.Enum):
    """How far a plugin has been looked at by people."""

    AI_GENERATED = "ai-generated"
    COMMUNITY = "community"
    VERIFIED = "verified"


class ServiceType(enum.Enum):
    """How the service of a plugin runs."""

    DOCKER_COMPOSE = "docker-compose"
    DOCKER = "docker"
    SYSTEMD = "systemd"
    SCRIPT = "script"


class Transport(enum.Enum):
    """How an MCP server is reached."""

    STDIO = "stdio"
    HTTP = "http"
    SSE = "sse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Who makes a tool."""

    name: str
    url: str | None = None
    docs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the service of a plugin runs."""

    type: ServiceType
    compose_file: str | None = None
    unit_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port that a plugin listens on."""

    port: int
    protocol: str
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvVar:
    """A variable that a plugin wants to know."""

    name: str
    required: bool
    secret: bool
    default: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The commands that a plugin can run."""

    install: str | None = None
    uninstall: str | None = None
    start: str | None = None
    stop: str | None = None
    logs: str | None = None
    status: str | None = None
    health_endpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mcp:
    """The MCP server of a plugin, as its definition has it."""

    transport: Transport
    command: str | None = None
    args: tuple[str, ...] = ()
    endpoint: str | None = None
    env: tuple[str, ...] = ()
    timeout: int | None = None
    """Milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A plugin definition: `plugin.yaml` with the user's overlay merged in."""

    schema_version: str
    name: str
    description: str
    maturity: Maturity
    vendor: Vendor | None = None
    service: Service | None = None
    ports: tuple[Port, ...] = ()
    env_vars: tuple[EnvVar, ...] = ()
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    mcp: Mcp | None = None
