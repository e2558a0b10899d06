//! The outcome of `fetch`.

use std::path::PathBuf;

use serde::Serialize;

use crate::model::pin::Pin;

/// The outcome of `fetch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Fetched {
    /// Where the files are.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The commit they are from; none for local sources.
    pub pin: Option<Pin>,
    /// The id of their tree in the source's repository; none for local sources.
    pub tree: Option<String>,
    /// The plugin definition.
    pub definition: crate::model::plugin::Definition,
    /// The files, relative to `path`, with `/`, in order.
    pub files: Vec<String>,
    /// Warnings: files that were skipped, or look wrong.
    pub warnings: Vec<String>,
}
