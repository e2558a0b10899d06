//! The operations that change what is installed: what they take and return.

use std::path::PathBuf;

use serde::Serialize;

use super::plug::PluggedEntry;
use super::source_info::SourceInfo;

use super::upgrade::UpgradePlan;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;

/// The outcome of `add`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Added {
    /// The plugin's display name.
    pub name: String,
    /// The plugin's directory under `plugins/`.
    pub directory: PluginDir,
    /// Its absolute path.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// Where it came from.
    pub source: SourceInfo,
    /// How many files were put in place.
    pub files: usize,
    /// True if the plugin has an `install` command, which has then been run.
    pub installed: bool,
    /// The commit in the home's repository; null if the home does not commit by itself.
    pub commit: Option<Pin>,
    /// Where the commit was pushed, or why not; null if the home does not push by itself.
    pub push: Option<Push>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `setup` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SetUp {
    /// The names of the variables that got a new value, in the order of the definition.
    pub written: Vec<String>,
    /// The absolute path of the `.env` file.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// True if the plugin's files were missing and have been fetched at the pin.
    pub fetched: bool,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `install` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Installed {
    /// The commit that its files are from; none for local plugins.
    pub pin: Option<Pin>,
    /// True if its files were missing, or of another commit, and have been fetched.
    pub fetched: bool,
    /// True if it has an `install` command, which has been run.
    pub installed: bool,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `upgrade` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Upgraded {
    /// What has changed.
    pub plan: UpgradePlan,
    /// True if it has an `install` command, which has been run.
    pub installed: bool,
    /// The directory with the backups of files that the user had edited.
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

/// The outcome of `hold` and `unhold`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Held {
    /// The plugin's display name.
    pub name: String,
    /// The plugin's directory under `plugins/`.
    pub directory: PluginDir,
    /// Its source, and what is followed of it.
    pub source: SourceInfo,
    /// False if it was so already.
    pub changed: bool,
    /// The commit in the home's repository; null if nothing changed, or the home does not commit by
    /// itself.
    pub commit: Option<Pin>,
    /// Where the commit was pushed, or why not; null if the home does not push by itself.
    pub push: Option<Push>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `uninstall` and `remove`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Removed {
    /// The plugin's display name; the directory's name if it was not in the manifest.
    pub name: String,
    /// The plugin's directory under `plugins/`.
    pub directory: PluginDir,
    /// False if the directory belonged to no plugin of the manifest and was only cleaned up.
    pub was_installed: bool,
    /// True if it had an `uninstall` command, which has been run and did not fail.
    pub uninstalled: bool,
    /// What became of its entries in the files of coding agents.
    pub unplugged: Vec<PluggedEntry>,
    /// The commit that saved the user's uncommitted changes before they were deleted.
    pub saved: Option<Pin>,
    /// The directory with a copy of the user's files that git does not have; null if git has them
    /// all.
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

/// Where a home that pushes by itself sent a commit, or why it did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Push {
    /// The remote's name; null if git knows none to push to.
    pub remote: Option<String>,
    /// The remote's URL, without credentials.
    pub url: Option<String>,
    /// The branch that was, or would be, updated there; null if HEAD is detached.
    pub branch: Option<String>,
    /// True if the remote has the commit.
    pub pushed: bool,
    /// Why it was not pushed, in git's own words; null if it was.
    pub reason: Option<String>,
    /// How to fix that, with the git commands to run in the home; null if unknown.
    pub help: Option<String>,
}
