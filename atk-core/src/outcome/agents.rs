//! The outcome of `agents`.

use std::path::PathBuf;

use serde::Serialize;

use crate::error::path_as_text_or_null;
use crate::model::plugin::Transport;

/// A coding agent that ATK can plug plugins into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AgentStatus {
    /// Its id (`claude`), by which operations name it.
    pub id: String,
    /// Its name (`Claude Code`).
    pub name: String,
    /// True if it is installed here: its program is on the `PATH`, or its files exist.
    pub installed: bool,
    /// The absolute path of the file that holds a user's servers, which need not exist; null if the
    /// agent does not exist for this system.
    #[serde(serialize_with = "path_as_text_or_null")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub file: Option<PathBuf>,
    /// The file that holds the servers of a project, relative to its directory; `<name>` stands for
    /// the name of a server. Null if it has none.
    pub project_file: Option<String>,
    /// How the files are written.
    pub format: AgentFormat,
    /// The path of keys in the file that leads to the servers (`mcpServers`).
    pub key: String,
    /// The transports that it supports.
    pub transports: Vec<Transport>,
    /// How a file refers to the variable `NAME` of the agent's environment: `${NAME}`, or the field
    /// that lists names (`env_vars`); null if it cannot.
    pub reference: Option<String>,
}

/// How an agent's files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AgentFormat {
    /// JSON, with or without comments.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}
