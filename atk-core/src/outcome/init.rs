//! The outcomes of `init` and `bootstrap`.

use std::path::PathBuf;

use serde::Serialize;

use super::change::Installed;
use super::report::{Line, LineResult};
use crate::error::Error;
use crate::model::name::PluginDir;

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
    /// The repository that it was cloned from, without credentials; null if it was not cloned now.
    pub cloned_from: Option<String>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `bootstrap`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Bootstrapped {
    /// The home.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub home: PathBuf,
    /// True if it was cloned now.
    pub cloned: bool,
    /// What became of each plugin, in the order of the manifest.
    pub plugins: Vec<Line<Installed>>,
    /// Warnings that belong to no single plugin.
    pub warnings: Vec<String>,
}

impl Bootstrapped {
    /// True if every plugin is installed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failures().next().is_none()
    }

    /// The failures, in order.
    pub fn failures(&self) -> impl Iterator<Item = (&PluginDir, &Error)> {
        self.plugins.iter().filter_map(|line| match &line.result {
            LineResult::Failed { error } => Some((&line.directory, error)),
            LineResult::Done { .. } | LineResult::Skipped { .. } => None,
        })
    }
}
