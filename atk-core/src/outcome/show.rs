//! The outcome of `show`.

use std::path::PathBuf;

use serde::Serialize;

use super::list::State;
use super::service::PortStatus;
use super::source_info::SourceInfo;
use crate::model::name::PluginDir;
use crate::model::plugin::Definition;

/// Everything that is known about an installed plugin without running anything.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Shown {
    /// Its display name.
    pub name: String,
    /// Its directory under `plugins/`.
    pub directory: PluginDir,
    /// The absolute path of that directory.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// Where it comes from.
    pub source: SourceInfo,
    /// When the commit that it is fixed to was made, in seconds since 1970; null for a local
    /// plugin, and if the object cache no longer has the commit.
    pub pinned_at: Option<i64>,
    /// The state of its files on disk.
    pub state: State,
    /// The operation that is changing it (`upgrade`), if its state is busy.
    pub operation: Option<String>,
    /// Its definition, with the user's overrides applied; null if its files are missing, busy, or
    /// have no valid definition.
    pub definition: Option<Definition>,
    /// The variables that it declares.
    pub variables: Vec<VariableStatus>,
    /// The ports that it declares.
    pub ports: Vec<PortStatus>,
    /// The directories of its agent skills, relative to its own; `.` is its own.
    pub skills: Vec<String>,
    /// The executable files that `run` can run, relative to its directory.
    pub scripts: Vec<String>,
    /// The files that ATK wrote and the user edited or deleted, relative to its directory; null if
    /// it is not known what ATK wrote.
    pub edited: Option<Vec<String>>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// A variable that a plugin declares, and whether it has a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VariableStatus {
    /// Its name.
    pub name: String,
    /// True if the plugin cannot work without it.
    pub required: bool,
    /// True if its value must not be shown.
    pub secret: bool,
    /// True if it has a value.
    pub is_set: bool,
    /// Its value; null without one, and for a secret.
    pub value: Option<String>,
    /// The origin of its value; null without one.
    pub origin: Option<ValueOrigin>,
}

/// The origin of the value of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ValueOrigin {
    /// The plugin's `.env`.
    EnvFile,
    /// The environment that the library was given.
    Environment,
}
