//! The parts of a plugin definition.

use serde::Serialize;

use crate::model::yaml::fields::Word;

/// Makes an enum whose values are words of the file.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident {
        $($(#[doc = $variant_doc:literal])+ $variant:ident = $word:literal,)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $variant_doc])+ #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// The word that stands for it in a definition.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        }

        impl Word for $name {
            const ALL: &'static [Self] = &[$($name::$variant,)+];

            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    };
}

words! {
    /// How thoroughly people have reviewed a plugin.
    Maturity {
        /// Written by a machine and not reviewed by a person.
        AiGenerated = "ai-generated",
        /// Used and maintained by its users.
        Community = "community",
        /// Checked by the registry's maintainers.
        Verified = "verified",
    }
}

words! {
    /// What runs a plugin's service.
    ServiceType {
        /// Containers, by a compose file.
        DockerCompose = "docker-compose",
        /// A container.
        Docker = "docker",
        /// A unit of systemd.
        Systemd = "systemd",
        /// A script of the plugin's.
        Script = "script",
    }
}

words! {
    /// How clients connect to an MCP server.
    Transport {
        /// A command, over its standard streams.
        Stdio = "stdio",
        /// A URL, by streamable HTTP.
        Http = "http",
        /// A URL, by server-sent events.
        Sse = "sse",
    }
}

/// Who makes the tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Vendor {
    /// Their name.
    pub name: String,
    /// Their page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The tool's documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

/// How a plugin's service runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Service {
    /// What runs it; `docker-compose` if the definition does not name it.
    #[serde(rename = "type")]
    pub kind: ServiceType,
    /// The compose file, a path below the plugin's directory; `docker-compose.yml` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compose_file: Option<String>,
    /// The unit's name, for systemd.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
}

impl Service {
    /// The compose file: what the definition says, else `docker-compose.yml`.
    #[must_use]
    pub fn compose_file(&self) -> &str {
        self.compose_file.as_deref().unwrap_or(DEFAULT_COMPOSE_FILE)
    }
}

/// The compose file of a plugin that names none.
pub(crate) const DEFAULT_COMPOSE_FILE: &str = "docker-compose.yml";

/// A port that a plugin's service listens on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Port {
    /// Its number, never 0.
    pub port: u16,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The protocol; `http` if the definition does not name one.
    pub protocol: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A variable that a plugin uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EnvVar {
    /// Its name: `^[A-Z_][A-Z0-9_]*$`.
    pub name: String,
    /// True if the plugin does not work without it.
    pub required: bool,
    /// True if its value must not be shown.
    pub secret: bool,
    /// The value that is written to `.env` if the user gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The commands of a plugin, for a shell in its directory. `install` comes with `uninstall`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Lifecycle {
    /// Installs or updates what is not among the plugin's files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<String>,
    /// Undoes `install`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uninstall: Option<String>,
    /// Starts the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Stops the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<String>,
    /// Shows what the service logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs: Option<String>,
    /// Ends with status 0 while the service runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A URL that answers while the service is healthy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_endpoint: Option<String>,
}

impl Lifecycle {
    /// True if nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Lifecycle::default()
    }
}

/// The MCP server of a plugin: a command (`stdio`), or a URL (`http`, `sse`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Mcp {
    /// How clients connect to it.
    pub transport: Transport,
    /// The command. Always set for `stdio`, and only for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Its arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// The URL. Always set for `http` and `sse`, and only for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The names of the variables that it gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    /// How long a call of one of its tools may take, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}
