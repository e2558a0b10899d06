//! The outcome of an operation on many plugins: one line each, and one failure stops no other.

use serde::Serialize;

use super::Select;
use crate::error::{Error, ErrorKind, Result};
use crate::model::manifest::Entry;
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
    /// The result for each plugin.
    pub plugins: Vec<Line<T>>,
    /// Warnings that belong to no single plugin.
    pub warnings: Vec<String>,
}

/// The result for one plugin.
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

/// The result for one plugin.
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
        /// Its outcome.
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
    /// It is already at the newest commit of its source.
    UpToDate,
    /// Its files are those of the version that was named; only what it follows changes.
    OnlyFollows,
    /// Its source is local: there is nothing newer to fetch.
    Local,
    /// Its source is local: its files are in the home.
    InHome,
    /// It is held at its commit.
    Held,
    /// Its definition has no command for this.
    NoCommand,
    /// Its service is already running.
    AlreadyRunning,
    /// It declares no variables.
    NoVariables,
    /// It declares no MCP server, and has no skill.
    NoServer,
    /// The user declined.
    Declined,
}

impl std::fmt::Display for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Skip::UpToDate => "already up to date",
            Skip::OnlyFollows => "its files are the same; only what it follows changes",
            Skip::Local => "local plugins cannot be upgraded",
            Skip::InHome => "it is local: its files are in the home",
            Skip::Held => "held at its commit",
            Skip::NoCommand => "its definition has no such command",
            Skip::AlreadyRunning => "already running",
            Skip::NoVariables => "it declares no variables",
            Skip::NoServer => "it has no MCP server and no skill",
            Skip::Declined => "declined",
        })
    }
}

impl<T> Line<T> {
    /// What became of a plugin of the manifest. An error is made to name it.
    fn of(entry: &Entry, result: Result<LineResult<T>>) -> Self {
        let result = result.unwrap_or_else(|error| LineResult::Failed {
            error: match error.details().plugin {
                Some(_) => error,
                None => error.with_plugin(entry.directory.as_str()),
            },
        });
        Line {
            directory: entry.directory.clone(),
            name: entry.name.clone(),
            result,
        }
    }

    /// True if the operation was cancelled in the middle of this plugin.
    fn is_cancelled(&self) -> bool {
        match &self.result {
            LineResult::Failed { error } => error.kind() == ErrorKind::Cancelled,
            LineResult::Done { .. } | LineResult::Skipped { .. } => false,
        }
    }
}

impl<T> Report<T> {
    /// Handles one plugin after the other, each with what was prepared for it, and makes the report.
    /// A failure does not stop the others; a cancel does.
    ///
    /// # Errors
    /// A cancel; and the failure, if the operation is about one plugin.
    pub(crate) fn of_each<'e, P>(
        which: &Select,
        plugins: impl IntoIterator<Item = (&'e Entry, P)>,
        mut handle: impl FnMut(&'e Entry, P) -> Result<LineResult<T>>,
    ) -> Result<Self> {
        let mut lines = Vec::new();
        for (entry, prepared) in plugins {
            let line = Line::of(entry, handle(entry, prepared));
            let cancelled = line.is_cancelled();
            lines.push(line);
            if cancelled {
                break;
            }
        }
        Report::of(which, lines)
    }

    /// Makes the report of what was asked for. Of one plugin a failure is the failure of the
    /// whole; so is a cancel, always.
    fn of(which: &Select, plugins: Vec<Line<T>>) -> Result<Self> {
        let fatal = |line: &Line<T>| match &line.result {
            LineResult::Failed { error } => {
                matches!(which, Select::One(_)) || error.kind() == ErrorKind::Cancelled
            }
            LineResult::Done { .. } | LineResult::Skipped { .. } => false,
        };
        let mut plugins = plugins;
        if let Some(at) = plugins.iter().position(fatal)
            && let LineResult::Failed { error } = plugins.swap_remove(at).result
        {
            return Err(error);
        }
        Ok(Report {
            plugins,
            warnings: Vec::new(),
        })
    }

    /// True if no plugin failed.
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
