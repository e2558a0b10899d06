//! The operations, one a file, each reading as the steps of its description; the only module that
//! sees all the others.

pub(crate) mod add;
mod ask;
mod at_once;
mod bring;
pub(crate) mod cache;
mod candidate;
mod command;
mod compose;
mod context;
mod definition;
mod difference;
mod documentation;
mod env_file;
pub(crate) mod fetch;
mod finish;
pub(crate) mod git;
mod home_trust;
pub(crate) mod init;
pub(crate) mod install;
mod leaving;
mod leftovers;
pub(crate) mod list;
pub(crate) mod logs;
pub(crate) mod mcp;
mod missing;
mod newer;
mod object_cache;
mod obtain;
mod on_disk;
mod outcome;
mod placing;
mod push;
pub(crate) mod readme;
pub(crate) mod remove;
mod replacement;
mod report;
pub(crate) mod resolve;
pub(crate) mod run;
mod saving;
pub(crate) mod search;
mod select;
pub(crate) mod service;
pub(crate) mod setup;
pub(crate) mod status;
mod trust;
mod unsaved;
mod untracked;
pub(crate) mod upgrade;
mod variables;
mod warnings;

pub(crate) use context::Context;
pub use outcome::{
    Added, Answers, At, CacheEntry, CacheReport, CommandChange, Fetched, FileChanges, Found,
    Initialized, Installed, Listed, McpConfig, McpServer, PortStatus, Push, Ran, Readme, Removed,
    RepositoryStatus, RunState, ScriptEnded, ServiceStatus, SetUp, SourceInfo, SourceKind, State,
    StatusReport, UnknownReason, UpgradePlan, Upgraded,
};
pub use report::{Line, LineResult, Report, Skip};
pub use select::Select;
