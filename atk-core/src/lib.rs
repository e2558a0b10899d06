//! ATK installs, pins and upgrades the tools around AI-assisted development: MCP servers, local
//! services, agent skills.
//!
//! A tool is a *plugin*: a directory with a `plugin.yaml` and a few scripts. The plugins of a user
//! live in one git-backed directory, the *home*, whose `manifest.yaml` pins each of them to a
//! commit. This library does everything; the `atk` command and the bindings are faces of it.
//!
//! # A first home
//!
//! The handle on a home is [`Home`]. Opening one reads nothing; [`Home::init`] creates the home, and
//! [`Home::add`] adds a plugin: from the registry by its name, from a git repository by
//! its URL, or from a directory by its path, as here.
//!
//! ```
//! use atk_core::{AddOptions, Home, InitOptions, Options, Silent};
//!
//! # let scratch = tempfile::tempdir()?;
//! # let dir = scratch.path();
//! let tool = dir.join("greeter");
//! std::fs::create_dir(&tool)?;
//! std::fs::write(
//!     tool.join("plugin.yaml"),
//!     r#"
//! schema_version: "2026-01-23"
//! name: Greeter
//! description: says hello
//! env_vars:
//!   - name: GREETING
//!     required: true
//! "#,
//! )?;
//!
//! let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
//! home.init(&InitOptions::default(), &Silent)?;
//!
//! let mut options = AddOptions::default();
//! options.answers.env.insert("GREETING".into(), "hello".into());
//! let added = home.add(tool.to_str().expect("a path in UTF-8"), &options, &Silent)?;
//! assert_eq!(added.directory.as_str(), "greeter");
//! assert_eq!(home.list()?[0].name, "Greeter");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The host
//!
//! An operation is one blocking call. It sends events and prompts to a [`Host`], on the thread that
//! made the call. Answers can be given in advance, as above. A required prompt without an answer is
//! an error that names the prompt; ATK never guesses.
//!
//! ```
//! use atk_core::{CancelToken, Event, Host, HostError, Prompt, PromptKind, Reply};
//!
//! struct Console;
//!
//! impl Host for Console {
//!     fn event(&self, event: Event) {
//!         if let Event::Message { text, .. } = event {
//!             eprintln!("{text}");
//!         }
//!     }
//!
//!     fn prompt(&self, prompt: Prompt, _: &CancelToken) -> Result<Reply, HostError> {
//!         Ok(match prompt.kind {
//!             // Trusts only sources that were trusted in advance.
//!             PromptKind::Trust => Reply::No,
//!             _ => Reply::UseDefault,
//!         })
//!     }
//! }
//! ```
//!
//! # Cancelling
//!
//! [`Home::with_cancel`] binds a [`CancelToken`] to a handle. Cancelling it, from another thread or
//! a signal handler, ends what the handle is doing with [`ErrorKind::Cancelled`], and the home is
//! as it was before.
//!
//! # Errors
//!
//! Every failure is an [`Error`] with an [`ErrorKind`] to act on, a message to show, and
//! [`Details`]. An operation that failed has changed nothing, except what a plugin's own commands
//! did outside its directory.
//!
//! ```
//! # use atk_core::{ErrorKind, Home, Options};
//! # let scratch = tempfile::tempdir()?;
//! # let dir = scratch.path();
//! let home = Home::open(dir.join("nothing"), Options::new(dir.join("cache")))?;
//! let error = home.list().unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::HomeNotInitialized);
//! assert_eq!(error.exit_code(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What the library never does
//!
//! The library never prints, reads the terminal, the environment or the working directory, installs
//! signal handlers, or exits. It gets its settings from [`Options`]; [`Options::from_vars`] fills
//! them from the environment variables that all faces share. It has no global state: handles are
//! independent, cheap to clone, and may be used from several threads.
//!
//! Every change of a home is a transaction with a journal. After an error, a cancel, a panic,
//! `kill -9` or a power cut the home is as before or as after, and the next operation completes the
//! interrupted one or rolls it back.
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_macros))]

mod agents;
mod disk;
mod error;
mod fetch;
mod fetching;
mod file_lock;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod handle;
mod home;
mod host;
mod json;
mod lifecycle;
mod model;
mod operations;
mod ops;
mod option_changes;
mod options;
mod outcome;
mod problem;
mod process;
mod repository;
mod rule;
mod schemas;
mod session;
mod steps;
mod text;
mod validate;

pub use error::{Details, Error, ErrorKind, Problem, Result};
pub use handle::Home;
pub use home::{Caller, Checkpoint, LockWait};
pub use host::{
    CancelToken, Event, Host, HostError, Level, Phase, PluginResult, Prompt, PromptKind, Reply,
    Silent, Stdio, Stream,
};
pub use json::{json_lines, json_text};
pub use model::git_url::{GitUrl, Protocol};
pub use model::lifecycle::LifecycleEvent;
pub use model::name::PluginDir;
pub use model::pin::Pin;
pub use model::plugin::{
    Definition, EnvVar, Lifecycle, Maturity, Mcp, Port, Service, ServiceType, Transport, Vendor,
};
pub use model::registry::RegistryName;
pub use model::revision::{RefName, Revision};
pub use model::source::Source;
pub use model::subdir::Subdir;
#[cfg(feature = "schema")]
pub use operations::description::{api, file_schemas};
pub use operations::{
    AddOptions, Argument, ArgumentKind, BootstrapOptions, Callback, ClearCacheOptions,
    CreateOptions, DoctorOptions, Document, ExecOptions, FetchOptions, HistoryOptions, InitOptions,
    InstallOptions, LogsOptions, McpOptions, OPERATIONS, Operation, PlanPlugOptions,
    PlanUndoOptions, PlanUpgradeOptions, PlugOptions, RegistryAddOptions, RegistryBuildOptions,
    RegistryDiffOptions, RemoveOptions, RepairOptions, RestartOptions, RunOptions, SetupOptions,
    StartOptions, StatusOptions, StopOptions, UndoOptions, UnplugOptions, UpgradeOptions,
    ValidateOptions, VerifyOptions, WatchOptions, check_argument,
};
pub use option_changes::OptionChanges;
pub use options::{DEFAULT_REGISTRY, Limits, Options};
pub use outcome::{
    Added, AgentEntry, AgentFormat, AgentStatus, Answers, At, Bootstrapped, CacheEntry,
    CacheExported, CacheFetched, CacheImported, CacheReport, Check, CheckState, CommandChange,
    ConfiguredRegistry, Created, Diagnostic, DoctorReport, EntryChange, Fetched, FileChanges,
    Finding, FindingKind, Found, Held, HistoryEntry, HistoryOperation, HistoryPlugin, Initialized,
    Installed, Line, LineResult, Listed, McpConfig, McpServer, Outdated, Plug, PlugKind, PlugState,
    Plugged, PluggedEntry, PortStatus, Push, Ran, Readme, RegistryAdded, RegistryBuilt,
    RegistryChange, RegistryChangeKind, RegistryDiff, RegistryInitialized, RegistryPlugin,
    RegistryRemoved, Removed, Repaired, RepairedPlugin, Report, RepositoryStatus, RunState,
    SchemaDocument, ScriptEnded, SearchResult, SearchedRegistry, Select, ServerCommand,
    ServiceStatus, SetUp, Shown, Skip, SourceInfo, SourceKind, State, StatusReport, TrashEntry,
    UndoPlan, UndoStep, Undone, UndonePlugin, UnknownReason, UpgradePlan, Upgraded, Validation,
    ValueOrigin, VariableStatus, Verification, Verified, VerifyState, VersionState, Watched,
};
pub use process::program::GitProgram;
pub use rule::{Rule, Severity};
pub use text::{escape, escape_lines};
