//! The outcome of `history`.

use serde::Serialize;

use crate::model::name::PluginDir;
use crate::model::pin::Pin;

/// A commit of the home that changed plugins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HistoryEntry {
    /// The commit.
    pub commit: Pin,
    /// When it was made, in seconds since 1970.
    pub time: i64,
    /// The name of its author: `ATK` if ATK made it.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
    /// What it changed, in the order of the directories.
    pub plugins: Vec<HistoryPlugin>,
}

/// What a commit changed of a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HistoryPlugin {
    /// The directory of the plugin.
    pub directory: PluginDir,
    /// Its display name.
    pub name: String,
    /// What happened to it.
    pub operation: HistoryOperation,
    /// Its pin before; null if it was not there, or is local.
    pub old_pin: Option<Pin>,
    /// Its pin after; null if it was removed, or is local.
    pub new_pin: Option<Pin>,
}

/// What happened to a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HistoryOperation {
    /// It was added.
    Add,
    /// It was removed.
    Remove,
    /// Its pin changed, to a newer commit or an older one.
    Upgrade,
    /// It was held.
    Hold,
    /// It was released.
    Unhold,
    /// The branch or tag that it follows changed, or its name or source.
    Change,
}
