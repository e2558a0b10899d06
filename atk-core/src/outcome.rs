//! What operations take and return: owned data that every face passes on as it is.

mod agents;
mod answers;
mod at;
mod browse;
mod cache;
mod change;
mod created;
mod doctor;
mod exec;
mod fetch;
mod history;
mod init;
mod list;
mod outdated;
mod plug;
mod registry;
mod repair;
mod report;
mod sarif;
mod schema;
pub(crate) mod select;
mod service;
mod show;
mod source_info;
mod undo;
mod upgrade;
mod validation;
mod verify;
pub(crate) mod warnings;
mod watch;

pub use crate::model::repository::RepositoryStatus;
pub use crate::model::source::SourceKind;
pub use agents::{AgentFormat, AgentStatus};
pub use answers::Answers;
pub use at::At;
pub use browse::{AgentEntry, Found, McpConfig, McpServer, Readme, SearchResult, SearchedRegistry};
pub use cache::{CacheEntry, CacheExported, CacheFetched, CacheImported, CacheReport, TrashEntry};
pub use change::{Added, Held, Installed, Push, Removed, SetUp, Upgraded};
pub use created::Created;
pub use doctor::{Check, CheckState, DoctorReport};
pub use exec::ServerCommand;
pub use fetch::Fetched;
pub use history::{HistoryEntry, HistoryOperation, HistoryPlugin};
pub use init::{Bootstrapped, Initialized};
pub use list::{Listed, State};
pub use outdated::{Outdated, VersionState};
pub use plug::{EntryChange, Plug, PlugKind, PlugState, Plugged, PluggedEntry};
pub use registry::{
    ConfiguredRegistry, RegistryAdded, RegistryBuilt, RegistryChange, RegistryChangeKind,
    RegistryDiff, RegistryInitialized, RegistryPlugin, RegistryRemoved,
};
pub use repair::{Repaired, RepairedPlugin};
pub use report::{Line, LineResult, Report, Skip};
pub use schema::SchemaDocument;
pub use select::Select;
pub use service::{
    PortStatus, Ran, RunState, ScriptEnded, ServiceStatus, StatusReport, UnknownReason,
};
pub use show::{Shown, ValueOrigin, VariableStatus};
pub use source_info::SourceInfo;
pub use undo::{UndoPlan, UndoStep, Undone, UndonePlugin};
pub use upgrade::{CommandChange, FileChanges, UpgradePlan};
pub use validation::{Diagnostic, Validation};
pub use verify::{Finding, FindingKind, Verification, Verified, VerifyState};
pub use watch::Watched;
