//! The integration cases: the real binary, real git, a real git server, no network.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod book;
mod bootstrap;
mod bounds;
mod busy;
mod cache_file;
mod cloning;
mod compiled_once;
mod create;
mod create_from;
mod create_from_bundle;
mod custom;
mod definitions;
mod doctor;
mod env_file;
mod exec;
mod fixtures;
mod git_index;
mod git_server;
mod history;
mod hostile;
mod json;
mod killed;
mod language;
mod layers;
mod leftovers;
mod manners;
mod merged;
mod mirrors;
mod missing;
mod offline;
mod pins;
mod plug;
mod push;
mod python;
mod reasons;
mod refusals;
mod registries;
mod registry;
mod remove;
mod requests;
mod revisions;
mod run_script;
mod rust_version;
mod schema;
mod search;
mod secrets;
mod services;
mod setup;
mod show;
mod shown;
mod signals;
mod sources;
mod status;
mod surroundings;
mod tidy;
mod together;
mod transports;
mod trust;
mod undo;
mod untracked;
mod upgrade;
mod validate;
mod verify;
mod versions;
mod watch;
mod wording;
