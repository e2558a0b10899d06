//! The operations, one a file, each reading as the steps of its description; the only module that
//! sees all the others.

pub(crate) mod add;
mod ask;
pub(crate) mod cache;
mod candidate;
mod command;
mod context;
pub(crate) mod fetch;
mod finish;
pub(crate) mod init;
pub(crate) mod list;
mod obtain;
mod outcome;
mod report;
pub(crate) mod resolve;
mod select;
mod trust;
mod variables;

pub use outcome::{
    AddOptions, Added, Answers, At, CacheEntry, CacheReport, Fetched, Initialized, Installed,
    SourceInfo, SourceKind, State,
};
pub use report::{Line, LineResult, Report, Skip};
pub use select::Select;
