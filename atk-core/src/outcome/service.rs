//! The operations on what plugins run: what they return.

use serde::Serialize;

use super::State;
use super::{Line, LineResult};
use crate::model::repository::RepositoryStatus;

/// The outcome of `start`, `stop`, `restart` and `logs` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Ran {
    /// The commands that have been run, in order, by their lifecycle events (`stop`, `start`).
    /// Empty if the plugin declares none.
    pub commands: Vec<String>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// Whether the service of a plugin runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunState {
    /// Its `status` command ended with 0.
    Running,
    /// Its `status` command ended with anything else.
    Stopped,
    /// Anything else: see [`ServiceStatus::unknown`].
    Unknown,
}

/// Why it is not known whether the service of a plugin runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnknownReason {
    /// It declares no `status` command.
    NoCommand,
    /// It has no service: it declares none, and neither ports nor commands of one. Agents start its MCP
    /// server, if it has one.
    NoService,
    /// Its files are missing.
    FilesMissing,
    /// An operation is changing the plugin.
    Busy,
    /// Its `status` command did not end in time, and was stopped.
    TimedOut,
    /// The home is not trusted on this machine, so ATK runs no command of it.
    HomeNotTrusted,
}

/// The outcome of `status`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StatusReport {
    /// The status of each plugin, in the order of the manifest.
    pub plugins: Vec<Line<ServiceStatus>>,
    /// The home's repository; null if it cannot be read.
    pub repository: Option<RepositoryStatus>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

impl StatusReport {
    /// True if the state of every plugin could be looked at. Whether they run does not count.
    #[must_use]
    pub fn is_success(&self) -> bool {
        let failed = |line: &Line<ServiceStatus>| matches!(line.result, LineResult::Failed { .. });
        !self.plugins.iter().any(failed)
    }
}

/// The outcome of `status` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ServiceStatus {
    /// Whether its service is running.
    pub state: RunState,
    /// Why the state is unknown; null if it is known.
    pub unknown: Option<UnknownReason>,
    /// The state of its files on disk.
    pub files: State,
    /// The ports that it declares.
    pub ports: Vec<PortStatus>,
    /// The required variables that have no value.
    pub unset: Vec<String>,
}

/// A port that a plugin declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PortStatus {
    /// Its number.
    pub port: u16,
    /// Its name.
    pub name: Option<String>,
    /// Its protocol.
    pub protocol: String,
    /// True if something on this machine uses it: TCP or UDP, as `protocol` says.
    pub in_use: bool,
}

/// The outcome of `run` and `git`: a program of the user's ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScriptEnded {
    /// What was run: the script's path below the plugin directory, or `git`.
    pub script: String,
    /// Its exit code; 128 plus the signal's number if a signal ended it.
    pub exit_code: i32,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}
