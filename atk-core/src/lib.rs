//! The core library of ATK.
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_macros))]

mod atk;
mod child;
mod error;
mod fetch;
#[allow(
    dead_code,
    unused_imports,
    reason = "remove will ask what is not committed"
)]
mod git;
#[allow(
    dead_code,
    unused_imports,
    reason = "upgrade and remove will use what add does not"
)]
mod home;
mod host;
#[allow(dead_code, unused_imports, reason = "start will look at ports")]
mod lifecycle;
#[allow(
    dead_code,
    unused_imports,
    reason = "upgrade and remove will use what add does not"
)]
mod model;
#[allow(dead_code, reason = "the operations on many plugins will use it")]
mod ops;
mod text;

pub use atk::{Atk, DEFAULT_REGISTRY, Limits, Options};
pub use error::{Details, Error, ErrorKind, Problem, Result};
pub use git::program::GitProgram;
pub use home::{Checkpoint, LockWait};
pub use host::{
    CancelToken, Event, Host, HostError, Level, Prompt, PromptKind, Reply, Silent, Stdio, Stream,
};
pub use model::git_url::{GitUrl, Protocol};
pub use model::lifecycle::LifecycleEvent;
pub use model::name::PluginDir;
pub use model::pin::Pin;
pub use model::plugin::{
    Definition, EnvVar, Lifecycle, Maturity, Mcp, Port, Service, ServiceType, Transport, Vendor,
};
pub use model::source::Source;
pub use ops::{
    AddOptions, Added, Answers, At, CacheEntry, CacheReport, Fetched, Initialized, Installed, Line,
    LineResult, Report, Select, SourceInfo, SourceKind, State,
};
pub use text::{escape, escape_lines};
