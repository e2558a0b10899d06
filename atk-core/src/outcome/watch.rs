//! The outcome of `watch`.

use serde::Serialize;

/// The outcome of `watch`, if it was to end at the first change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Watched {
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}
