//! The outcome of `list`.

use serde::Serialize;

use super::source_info::SourceInfo;
use crate::model::name::PluginDir;

/// The state of a plugin's files on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Its files, at the pin.
    Ready,
    /// No files, or only the user's own.
    Missing,
    /// Files of another commit than the pin.
    Outdated,
    /// Files in a directory that has no entry in the manifest; its source is reported as local.
    /// Only `list` returns this state.
    Leftover,
    /// An operation is changing the plugin: whether it will be there is not yet known.
    Busy,
}

/// A plugin of the manifest, as `list` shows it; or what is left of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Listed {
    /// Its display name.
    pub name: String,
    /// Its directory under `plugins/`.
    pub directory: PluginDir,
    /// Where it comes from.
    pub source: SourceInfo,
    /// The state of its files on disk.
    pub state: State,
    /// The operation that is changing it (`upgrade`), if its state is busy.
    pub operation: Option<String>,
}
