//! The operations, one a file, each reading as the steps of its description; the only module that
//! sees all the others.

pub(crate) mod add;
pub(crate) mod cache;
pub(crate) mod fetch;
pub(crate) mod init;
pub(crate) mod list;
mod outcome;
pub(crate) mod resolve;

pub use outcome::{
    AddOptions, Added, Answers, At, CacheEntry, CacheReport, Fetched, Initialized, Installed,
    SourceInfo, SourceKind, State,
};
