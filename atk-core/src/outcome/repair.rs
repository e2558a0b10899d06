//! The outcome of `repair`.

use std::path::PathBuf;

use serde::Serialize;

use super::upgrade::FileChanges;
use super::{Finding, Line, Push};
use crate::model::pin::Pin;

/// The outcome of `repair`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Repaired {
    /// True if nothing is left that is not as it should be.
    pub intact: bool,
    /// The result for each plugin whose files were not as they should be.
    pub plugins: Vec<Line<RepairedPlugin>>,
    /// What was found that the home's own commit corrects.
    pub findings: Vec<Finding>,
    /// The commit in the home's repository; null if there was nothing to commit.
    pub commit: Option<Pin>,
    /// Where the commit was pushed, or why not; null if the home does not push by itself.
    pub push: Option<Push>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `repair` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RepairedPlugin {
    /// The files that were restored.
    pub files: FileChanges,
    /// The directory with the versions that were replaced; null if no file had another content.
    #[serde(serialize_with = "crate::error::path_as_text_or_null")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub backup: Option<PathBuf>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

impl Repaired {
    pub(crate) fn nothing() -> Self {
        Repaired {
            intact: true,
            plugins: Vec::new(),
            findings: Vec::new(),
            commit: None,
            push: None,
            warnings: Vec::new(),
        }
    }
}
