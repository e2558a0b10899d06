//! Fetching from git servers: transports, the protocol, the object cache.

pub(crate) mod bounds;
pub(crate) mod cache;
pub(crate) mod cache_file;
mod child;
mod clone;
pub(crate) mod commit_date;
pub(crate) mod engine;
pub(crate) mod entry;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod git_command;
mod known_refs;
mod message;
mod missing;
pub(crate) mod object;
mod pack;
mod progress;
mod protocol;
mod recent_trees;
pub(crate) mod remote;
mod servers;
mod session;
mod settings;
mod ssh_target;
mod staging;
mod store;
mod transport;
mod tree;
mod watch;
