//! The outcome of `init`.

use std::path::PathBuf;

use serde::Serialize;

/// The outcome of `init`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Initialized {
    /// The home.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub home: PathBuf,
    /// False if it already was a home.
    pub created: bool,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}
