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
    /// False if it was a home already.
    pub created: bool,
    /// What deserves attention.
    pub warnings: Vec<String>,
}
