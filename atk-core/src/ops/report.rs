//! The outcome of an operation on many plugins: one line each, and one failure stops no other.

use serde::Serialize;

use crate::error::Error;
use crate::model::name::PluginDir;

/// The outcome of an operation on one or more plugins, in the order of the manifest.
#[derive(Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "ReportOf{T}")
)]
#[non_exhaustive]
pub struct Report<T> {
    /// What became of each plugin.
    pub plugins: Vec<Line<T>>,
}

/// What became of one plugin.
#[derive(Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "LineOf{T}")
)]
#[non_exhaustive]
pub struct Line<T> {
    /// Its directory.
    pub directory: PluginDir,
    /// Its display name.
    pub name: String,
    /// What became of it.
    #[serde(flatten)]
    pub result: LineResult<T>,
}

/// What became of one plugin.
#[derive(Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "LineResultOf{T}")
)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum LineResult<T> {
    /// The operation was done.
    Done {
        /// What it led to.
        outcome: T,
    },
    /// There was nothing to do, and why.
    Skipped {
        /// Why.
        reason: Skip,
    },
    /// The operation failed; this plugin is as it was before.
    Failed {
        /// Why.
        error: Error,
    },
}

/// Why there was nothing to do for a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Skip {
    /// It is at the newest commit of its source already.
    UpToDate,
    /// Its source is local: there is nothing newer to fetch.
    Local,
    /// Its definition has no command for this.
    NoCommand,
    /// It declares no variables.
    NoVariables,
    /// The user said no.
    Declined,
}

impl std::fmt::Display for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Skip::UpToDate => "already up to date",
            Skip::Local => "local plugins are not upgraded",
            Skip::NoCommand => "no such command in its definition",
            Skip::NoVariables => "it declares no variables",
            Skip::Declined => "declined",
        })
    }
}

impl<T> Report<T> {
    /// True where no plugin failed.
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
