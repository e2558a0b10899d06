//! The operations that only look: what they return.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::name::PluginDir;
use crate::model::registry::RegistryName;

/// What `search` found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SearchResult {
    /// The plugins, those of the default registry first.
    pub plugins: Vec<Found>,
    /// The registries, the default one first.
    pub registries: Vec<SearchedRegistry>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// A registry that was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SearchedRegistry {
    /// Its name; `default` for the default registry.
    pub name: RegistryName,
    /// The URL of its repository.
    pub url: String,
    /// How old the index is that was searched, in seconds, if connections are not allowed: it is that of the
    /// last time when the registry was reached. Null if it is the newest.
    pub seconds_old: Option<u64>,
    /// Why it could not be searched; null if it was.
    pub error: Option<String>,
}

/// A plugin of a registry, as `search` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Found {
    /// The name of its registry; `default` for the default registry.
    pub registry: RegistryName,
    /// Its name in the index, by which it is added.
    pub name: String,
    /// One line about it.
    pub description: String,
    /// The directory of the plugin of the manifest that came from it; null if it is not
    /// installed.
    pub installed: Option<PluginDir>,
}

/// The configuration of a plugin's MCP server, ready for an agent's or editor's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct McpServer {
    /// The server's name in that file: the plugin's display name.
    pub name: String,
    /// The configuration below the name, without absent parts.
    pub config: McpConfig,
    /// The entry for the agent in `agent`, as `plug` writes it; null without one.
    pub agent_entry: Option<AgentEntry>,
    /// Required variables without a value; they appear as `<NOT_SET>` in the configuration.
    pub unset: Vec<String>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// A server as an agent's file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AgentEntry {
    /// The id of the agent.
    pub agent: String,
    /// The name of the entry: the plugin's directory.
    pub name: String,
    /// The entry as JSON, whatever the format of the file.
    pub content: String,
    /// The text of a file that has this entry alone, in the format of the agent.
    pub text: String,
}

/// The parts of a server's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct McpConfig {
    /// `http` or `sse`, for remote servers.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The program, for servers that are started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    /// The address, for remote servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Variables for the server, by name. They may hold secrets.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}

/// The `README.md` of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Readme {
    /// The plugin's display name.
    pub name: String,
    /// The text, in Markdown; null if the plugin has no such file.
    pub text: Option<String>,
}
