//! The outcome of `outdated`.

use serde::Serialize;

use super::source_info::SourceInfo;
use crate::model::pin::Pin;

/// How a plugin stands to the newest commit of what it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VersionState {
    /// The plugin's files are those of the newest commit. Other files of the repository may differ.
    Current,
    /// The newest commit has other files of the plugin.
    Behind,
    /// The plugin is held at its commit, and the newest commit has other files of it.
    Held,
    /// The tag that it is at points to another commit now.
    Moved,
    /// The branch, tag, plugin or repository is gone.
    Gone,
    /// It could not be found out.
    Unknown,
}

/// The outcome of `outdated` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Outdated {
    /// Its source with its pin, and what is followed of it.
    pub source: SourceInfo,
    /// How it stands.
    pub state: VersionState,
    /// The newest commit; null if it is not known.
    pub newest: Option<Pin>,
    /// When that commit was made, in seconds since 1970; null if it is not known.
    pub newest_at: Option<i64>,
    /// Why its state is `moved`, `gone` or `unknown`; null otherwise.
    pub reason: Option<String>,
}
