//! The outcome of `list`.

use serde::Serialize;

use super::source_info::SourceInfo;
use crate::model::name::PluginDir;

/// What is on disk of a plugin of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Its files, at the pin.
    Ready,
    /// Nothing, or nothing but what is the user's.
    Missing,
    /// Files of another commit than the pin.
    Outdated,
    /// Files in a directory that the manifest has no entry of; its source is then given as local.
    /// Only a list has this state.
    Leftover,
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
    /// What is on disk.
    pub state: State,
}
