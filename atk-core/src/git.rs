//! The only module that talks git: transports, the protocol, the object cache, the home's repository.

pub(crate) mod bounds;
pub(crate) mod cache;
mod child;
mod command;
pub(crate) mod engine;
pub(crate) mod entry;
mod environment;
mod message;
mod missing;
pub(crate) mod object;
mod pack;
pub(crate) mod program;
mod progress;
mod protocol;
pub(crate) mod remote;
pub(crate) mod repository;
mod session;
mod settings;
mod staging;
mod store;
mod transport;
mod tree;
mod watch;
