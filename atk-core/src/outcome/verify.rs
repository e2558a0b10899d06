//! The outcome of `verify`.

use serde::Serialize;

use super::Line;
use crate::model::pin::Pin;

/// The outcome of `verify`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Verification {
    /// True if every plugin that was looked at is as pinned, and nothing is wrong with the home.
    pub intact: bool,
    /// The result for each plugin, in the order of the manifest.
    pub plugins: Vec<Line<Verified>>,
    /// What is wrong with the home itself. Always empty if one plugin was named.
    pub findings: Vec<Finding>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `verify` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Verified {
    /// Whether it is as pinned.
    pub state: VerifyState,
    /// The commit that its files were compared with; null for a local plugin, whose files are compared
    /// with the last commit of the home.
    pub pin: Option<Pin>,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
    /// With the option `extra`: files and directories that the plugin did not ship, in directories
    /// that it ships. They do not count as a difference.
    pub extra: Vec<String>,
    /// Why the state is `unknown`; null otherwise.
    pub reason: Option<String>,
}

/// Whether a plugin is as pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VerifyState {
    /// Its files are those of its pin.
    Ok,
    /// Something is not as it should be: see the findings.
    Different,
    /// It could not be found out, and nothing wrong was found.
    Unknown,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// The path in the home.
    pub path: String,
    /// What it is.
    pub kind: FindingKind,
}

/// What is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The content differs, or it is a file in place of a link, a link in place of a file, or a
    /// directory.
    Changed,
    /// It does not exist.
    Missing,
    /// A file is executable and should not be, or is not and should be.
    Mode,
    /// The stamp does not name the pin.
    Stamp,
    /// The last commit of the home does not have it like that.
    Uncommitted,
    /// Git tracks it, and it may hold secrets.
    SecretTracked,
    /// An operation was interrupted, and could not be completed or rolled back.
    Interrupted,
}
