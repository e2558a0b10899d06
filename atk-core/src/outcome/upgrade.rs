//! What an upgrade would change, as data.

use serde::Serialize;

use super::plug::PluggedEntry;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::plugin::{EnvVar, Port};

/// What an upgrade of a plugin would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpgradePlan {
    /// Identifies the plan. Given to `upgrade` as `plan`, the upgrade makes exactly these changes,
    /// or fails. It covers both commits, the files, the commands, the ports and the variables.
    pub digest: String,
    /// The plugin's directory under `plugins/`.
    pub directory: PluginDir,
    /// Its display name now.
    pub old_name: String,
    /// Its display name at the new commit.
    pub new_name: String,
    /// The commit that it is fixed to now; null if the manifest has none.
    pub old_pin: Option<Pin>,
    /// The commit that it would be fixed to: the newest of its source, or the one asked for.
    pub new_pin: Pin,
    /// True if the new commit is older than the old one, by the dates of both. False if the object
    /// cache does not have both commits.
    pub older: bool,
    /// Its files.
    pub files: FileChanges,
    /// The lifecycle and MCP commands that change, and the defaults of variables that change what
    /// these do.
    pub commands: Vec<CommandChange>,
    /// Ports that only the new version declares.
    pub ports_added: Vec<Port>,
    /// Ports that only the old version declares.
    pub ports_removed: Vec<Port>,
    /// Variables that only the new version declares.
    pub variables_added: Vec<EnvVar>,
    /// Variables that only the old version declares.
    pub variables_removed: Vec<EnvVar>,
    /// The entries in the files of coding agents that change with it. Entries that were edited stay.
    pub plugs: Vec<PluggedEntry>,
    /// True if commands or other runnable files change, so that its source must be trusted again.
    pub needs_trust: bool,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The files of a plugin that an upgrade changes, relative to its directory, with `/`, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FileChanges {
    /// Files that are new.
    pub added: Vec<String>,
    /// Files whose content, kind or executable bit differs.
    pub changed: Vec<String>,
    /// Files that are deleted.
    pub removed: Vec<String>,
    /// Files of `changed` and `removed`, and files in the way of `added`, that the user edited or
    /// created. ATK keeps a backup of them.
    pub edited: Vec<String>,
}

/// A command that an upgrade changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CommandChange {
    /// The field of the definition: `lifecycle.install`, `mcp.command`, `mcp.args`,
    /// `mcp.endpoint`, `env_vars.NAME` for a default.
    pub field: String,
    /// What it was; null if it did not exist. Arguments are shown as a JSON array.
    pub old: Option<String>,
    /// What it will be; null if it will not exist.
    pub new: Option<String>,
}
