//! The operations on what plugins run: what they return.

use serde::Serialize;

use super::State;

/// The outcome of `start`, `stop`, `restart` and `logs` for a plugin: its commands have been run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Ran {
    /// The commands that have been run, in order, by their lifecycle events (`stop`, `start`).
    pub commands: Vec<String>,
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
    /// It has no `status` command, or no files.
    Unknown,
}

/// The outcome of `status` for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ServiceStatus {
    /// Whether its service runs.
    pub state: RunState,
    /// What is on disk.
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
    /// What it is called.
    pub name: Option<String>,
    /// What is spoken on it.
    pub protocol: String,
    /// True where something on this machine listens on it. Of UDP ports that is not looked at.
    pub in_use: bool,
}

/// The outcome of `run` and `git`: a program of the user's ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScriptEnded {
    /// What was run: the script's path below the plugin directory, or `git`.
    pub script: String,
    /// Its exit code; 128 and the signal's number where a signal ended it.
    pub exit_code: i32,
}
