//! The one error of the library and the closed list of its kinds.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

pub use crate::problem::Problem;

/// The result of every fallible operation of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal, $id:literal, exit $exit:literal;)+) => {
        /// The kind of a failure: callers handle each kind differently.
        ///
        /// Numbers and ids are stable: they are never renumbered and never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $name = $number,)+
        }

        impl ErrorKind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$name,)+];

            /// The stable identifier, in snake case (`plugin_not_installed`).
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    $(ErrorKind::$name => $id,)+
                }
            }

            /// What it means: the documentation of the kind.
            #[cfg(feature = "schema")]
            pub(crate) fn doc(self) -> &'static str {
                match self {
                    $(ErrorKind::$name => concat!($($doc),+),)+
                }
            }

            /// The exit status that a command line ends with for this kind.
            #[must_use]
            pub fn exit_code(self) -> u8 {
                match self {
                    $(ErrorKind::$name => $exit,)+
                }
            }
        }
    };
}

kinds! {
    /// A defect of ATK itself. Please report it.
    Internal = 1, "internal", exit 1;
    /// An argument or option has a value that the operation cannot take.
    InvalidArgument = 2, "invalid_argument", exit 2;
    /// The operation was cancelled; nothing was changed.
    Cancelled = 3, "cancelled", exit 130;
    /// A callback of the host failed.
    HostFailed = 4, "host_failed", exit 1;
    /// A question was not answered; the error names its id.
    InteractionRequired = 5, "interaction_required", exit 1;
    /// The file system refused something (permissions, a full disk, a missing file).
    Io = 6, "io", exit 1;
    /// The user declined; nothing was changed. Not a failure: a command line ends with 0.
    Declined = 7, "declined", exit 0;

    /// The path is not a home: no manifest, or no git repository.
    HomeNotInitialized = 20, "home_not_initialized", exit 3;
    /// The directory for the new home is not empty.
    HomeOccupied = 21, "home_occupied", exit 1;
    /// The home's manifest (or another file of the home) is invalid.
    HomeInvalid = 22, "home_invalid", exit 1;
    /// Another process holds the home's lock, and the caller did not want to wait.
    HomeLocked = 23, "home_locked", exit 11;
    /// A lifecycle command, or a callback of the host, tried to change the home that the running
    /// operation is changing.
    HomeNested = 24, "home_nested", exit 11;
    /// The home's repository is in the middle of a merge, a rebase or similar.
    HomeInProgress = 25, "home_in_progress", exit 7;
    /// An interrupted operation could not be rolled back; the error names what prevents it.
    RecoveryFailed = 26, "recovery_failed", exit 1;

    /// No plugin of that directory or name is in the manifest.
    PluginNotInstalled = 40, "plugin_not_installed", exit 4;
    /// The plugin's directory is already in the manifest.
    PluginExists = 41, "plugin_exists", exit 5;
    /// `plugins/<directory>` holds files that belong to no plugin of the manifest.
    DirectoryOccupied = 42, "directory_occupied", exit 5;
    /// The plugin definition cannot be used; every problem is listed.
    DefinitionInvalid = 43, "definition_invalid", exit 5;
    /// The plugin's files break a rule of safe placement (a link that escapes, a reserved name, a
    /// limit).
    ContentRefused = 44, "content_refused", exit 5;
    /// Local plugins cannot be upgraded.
    LocalNotUpgradable = 45, "local_not_upgradable", exit 1;
    /// The plugin does not declare what the operation needs (no MCP server, no such command).
    NotDeclared = 46, "not_declared", exit 5;
    /// The plugin is held at its commit.
    Held = 47, "held", exit 1;
    /// What a change did cannot be undone, because it was changed again later; the error lists the
    /// later changes.
    LaterChanges = 48, "later_changes", exit 1;
    /// Something in the home is not what was pinned, or could not be compared with it.
    VerificationFailed = 49, "verification_failed", exit 13;

    /// The source string cannot be used (empty, an option, credentials, a protocol that is not
    /// allowed).
    SourceInvalid = 60, "source_invalid", exit 5;
    /// There is no plugin at the source (no such path, no `.atk/` in the repository), or the files of
    /// an installed plugin are missing, as in a clone of a home.
    SourceNotFound = 61, "source_not_found", exit 5;
    /// The registry's index has no plugin of that name.
    NotInRegistry = 62, "not_in_registry", exit 5;
    /// The registry's index cannot be used (not a registry, invalid, an unsafe path).
    RegistryInvalid = 63, "registry_invalid", exit 5;

    /// No registry of that name is configured.
    RegistryNotFound = 64, "registry_not_found", exit 5;
    /// What was named is more than one thing: plugins of several registries, or a plugin of a registry and
    /// a directory. The error lists them.
    SourceAmbiguous = 65, "source_ambiguous", exit 5;

    /// Required variables have no value; the error lists them all.
    VariablesUnset = 70, "variables_unset", exit 8;
    /// A port that the plugin declares is in use.
    PortInUse = 71, "port_in_use", exit 9;
    /// The source must be trusted before its commands run, and that was not confirmed.
    TrustRequired = 72, "trust_required", exit 10;
    /// A lifecycle command failed; the error has its exit code and its last output.
    LifecycleFailed = 73, "lifecycle_failed", exit 6;
    /// What an upgrade would change is no longer what the plan says that was given to it; nothing
    /// was changed.
    PlanOutdated = 74, "plan_outdated", exit 10;

    /// An agent's file has an entry of that name which ATK did not write.
    AgentEntryForeign = 80, "agent_entry_foreign", exit 1;
    /// An agent's file cannot be parsed, or cannot be changed without changing more than the entry; the
    /// error has its line and column. The file was not changed.
    AgentFileInvalid = 81, "agent_file_invalid", exit 1;
    /// The agent's configuration cannot express what the entry needs.
    AgentUnsupported = 82, "agent_unsupported", exit 1;

    /// The `git` program is needed but was not found.
    GitMissing = 90, "git_missing", exit 7;
    /// Git refused or failed in a way that has no kind of its own.
    GitFailed = 91, "git_failed", exit 7;
    /// The host of a source cannot be reached, or the connection broke.
    NetworkFailed = 92, "network_failed", exit 7;
    /// The server sent nothing within the time limit.
    TimedOut = 93, "timed_out", exit 7;
    /// The server wants credentials, or refuses the ones it got.
    AccessDenied = 94, "access_denied", exit 7;
    /// There is no repository at the URL.
    RepositoryNotFound = 95, "repository_not_found", exit 7;
    /// The repository has no commit at its HEAD.
    RepositoryEmpty = 96, "repository_empty", exit 7;
    /// The source no longer has the commit that the manifest pins.
    PinNotFound = 97, "pin_not_found", exit 7;
    /// A commit hook of the home's repository refused the commit.
    CommitRefused = 98, "commit_refused", exit 7;
    /// The source has no branch or tag of that name, or the home no such commit.
    RefNotFound = 99, "ref_not_found", exit 7;
    /// The name is that of a branch and of a tag, at different commits.
    RefAmbiguous = 100, "ref_ambiguous", exit 7;
    /// A tag that the plugin is fixed to points to another commit now.
    RefMoved = 101, "ref_moved", exit 7;
    /// A server would have to be asked, and connections are not allowed.
    Offline = 102, "offline", exit 7;
}

impl ErrorKind {
    /// The stable number.
    #[must_use]
    pub fn number(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for ErrorKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// What an error is about. Every part is absent if it does not apply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Details {
    /// The plugin's directory or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
    /// A path, of the home or of a plugin's tree.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "path_as_text_or_null"
    )]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: Option<PathBuf>,
    /// A URL, without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of the question that was not answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The names of the variables that have no value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<String>,
    /// The problems of a definition, an overlay, an index or a manifest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// The command that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The exit code of that command; absent if a signal killed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_exit_code: Option<i32>,
    /// The last lines that the command, or the git server, wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// How to fix the problem, with the command to run if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A path in a document: its text, with what is no UTF-8 replaced. A path is bytes of any kind, and
/// nothing fails for how a directory is called.
pub(crate) fn path_as_text<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&path.to_string_lossy())
}

/// The same of a path that may be absent.
pub(crate) fn path_as_text_or_null<S: Serializer>(
    path: &Option<PathBuf>,
    to: S,
) -> Result<S::Ok, S::Error> {
    path.as_ref()
        .map(|path| path.to_string_lossy())
        .serialize(to)
}

/// Why an operation failed: a kind to act on, a message to show, and what it is about.
///
/// The message names the thing in backticks, and carries no command names and no secrets.
/// Nothing may depend on its text; [`Error::kind`] and [`Error::details`] are the stable part.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    details: Details,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Makes an error of a kind with its message.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            details: Details::default(),
            source: None,
        }))
    }

    /// The error of a file system call on `path`: `message` says what was tried ("cannot write").
    #[must_use]
    pub fn io(message: &str, path: &Path, cause: std::io::Error) -> Self {
        Error::new(
            ErrorKind::Io,
            format!("{message} `{}`: {cause}", path.display()),
        )
        .with_path(path)
        .with_cause(cause)
    }

    /// The error of an operation whose token was cancelled.
    #[must_use]
    pub fn cancelled() -> Self {
        Error::new(ErrorKind::Cancelled, "cancelled")
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the error is about.
    #[must_use]
    pub fn details(&self) -> &Details {
        &self.0.details
    }

    /// The exit status that a command line ends with.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.0.kind.exit_code()
    }

    /// The document that every face shows for this error: code, number, exit_code, message,
    /// details.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "code": self.kind().id(),
            "number": self.kind().number(),
            "exit_code": self.exit_code(),
            "message": self.to_string(),
            "details": self.details(),
        })
    }

    /// Replaces the message, keeping kind, details and cause.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Says what it is about, all at once.
    #[must_use]
    pub fn with_details(mut self, details: Details) -> Self {
        self.0.details = details;
        self
    }

    /// Names the plugin.
    #[must_use]
    pub fn with_plugin(mut self, plugin: impl Into<String>) -> Self {
        self.0.details.plugin = Some(plugin.into());
        self
    }

    /// Names the path.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.details.path = Some(path.into());
        self
    }

    /// Names the URL, which must carry no credentials.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.0.details.url = Some(url.into());
        self
    }

    /// Names the question.
    #[must_use]
    pub fn with_prompt(mut self, id: impl Into<String>) -> Self {
        self.0.details.prompt = Some(id.into());
        self
    }

    /// Lists the variables.
    #[must_use]
    pub fn with_variables(mut self, names: Vec<String>) -> Self {
        self.0.details.variables = names;
        self
    }

    /// Lists the problems.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.0.details.problems = problems;
        self
    }

    /// Names the command and its exit code.
    #[must_use]
    pub fn with_command(mut self, command: impl Into<String>, exit_code: Option<i32>) -> Self {
        self.0.details.command = Some(command.into());
        self.0.details.command_exit_code = exit_code;
        self
    }

    /// Keeps the last output.
    #[must_use]
    pub fn with_output(mut self, output: impl Into<String>) -> Self {
        self.0.details.output = Some(output.into());
        self
    }

    /// Says the way out.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.details.help = Some(help.into());
        self
    }

    /// Keeps the cause, which the source chain shows.
    #[must_use]
    pub fn with_cause(
        mut self,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(cause.into());
        self
    }

    /// The cause, if the error has one.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }
}

impl Serialize for Error {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_about_a_path_that_is_no_text_is_a_document_still() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/home\xff"));
        let error = Error::new(ErrorKind::Io, "cannot read").with_path(path);
        assert_eq!(error.to_json()["details"]["path"], "/home\u{fffd}");
    }

    #[test]
    fn numbers_and_ids_are_unique_and_ascend() {
        for pair in ErrorKind::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{pair:?}");
        }
        let mut ids: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ErrorKind::ALL.len());
    }
}
