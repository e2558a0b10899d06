//! The outcomes of `plan_undo` and `undo`.

use std::path::PathBuf;

use serde::Serialize;

use super::{HistoryEntry, HistoryPlugin, Line, Push, UpgradePlan};
use crate::model::pin::Pin;

/// What undoing a change would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UndoPlan {
    /// The commit that would be undone.
    pub commit: Pin,
    /// When it was made, in seconds since 1970.
    pub time: i64,
    /// The first line of its message.
    pub subject: String,
    /// What would be done with each plugin that it changed, in the order of the directories.
    pub plugins: Vec<UndoStep>,
    /// The later changes of these plugins, the newest first. If there are some, `undo` refuses, unless
    /// the option `with_later` is set: they are undone too, as far as they changed these plugins.
    pub later: Vec<HistoryEntry>,
    /// Warnings: problems that do not stop the operation.
    pub warnings: Vec<String>,
}

/// What undoing a change would do with a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UndoStep {
    /// What would happen to it, from how it is now to how it was before the change.
    pub change: HistoryPlugin,
    /// What changes of its files, commands, ports and variables, if its pin changes; else null.
    pub upgrade: Option<UpgradePlan>,
    /// True if its `.env` comes back from the trash.
    pub restores_env: bool,
}

/// The outcome of `undo`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Undone {
    /// The commit that was undone.
    pub commit: Pin,
    /// The first line of its message.
    pub subject: String,
    /// The result for each plugin that it changed, in the order of the directories.
    pub plugins: Vec<Line<UndonePlugin>>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `undo` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UndonePlugin {
    /// What happened to it.
    pub change: HistoryPlugin,
    /// True if its `install` command was run.
    pub installed: bool,
    /// True if its `uninstall` command was run.
    pub uninstalled: bool,
    /// True if its `.env` came back from the trash.
    pub restored_env: bool,
    /// The directory with backups of files that were replaced or removed, and that are nowhere else;
    /// null if there are none.
    #[serde(serialize_with = "crate::error::path_as_text_or_null")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub backup: Option<PathBuf>,
    /// The commit in the home's repository; null if the home does not commit by itself.
    pub commit: Option<Pin>,
    /// Where the commit was pushed, or why not; null if the home does not push by itself.
    pub push: Option<Push>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}
