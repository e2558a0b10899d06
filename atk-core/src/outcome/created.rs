//! The outcome of `create`.

use std::path::PathBuf;

use serde::Serialize;

use super::change::Added;
use crate::model::name::PluginDir;

/// The outcome of `create`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Created {
    /// The plugin's display name.
    pub name: String,
    /// The directory that it has in a home, or will have once it is added.
    pub directory: PluginDir,
    /// The absolute path of the directory that was written.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The files that were written, relative to it, with `/`.
    pub files: Vec<String>,
    /// What adding it did, with the option `in_home`.
    pub added: Option<Added>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}
