//! The embedding application: the events and prompts that it gets, and how it cancels.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};

/// The embedding application.
///
/// It is called only on the thread that called the operation, one call at a time. Every method
/// has a default: a host that does nothing is `&Silent`.
pub trait Host: Send + Sync {
    /// Receives an event: progress, a step, a warning, output of a command. It must return quickly
    /// and cannot fail. Events are advisory: the returned outcome is complete without them.
    fn event(&self, event: Event) {
        let _ = event;
    }

    /// Answers a question. The operation waits. A host that waits for a person watches `cancel`.
    ///
    /// # Errors
    /// [`HostError`] if the question could not be asked; the operation fails with
    /// [`ErrorKind::HostFailed`] and changes nothing.
    fn prompt(
        &self,
        prompt: Prompt,
        cancel: &CancelToken,
    ) -> std::result::Result<Reply, HostError> {
        let _ = (prompt, cancel);
        Ok(Reply::Unanswered)
    }

    /// Returns how lifecycle commands get their standard streams. Only a program that owns a
    /// terminal returns [`Stdio::Inherit`].
    fn stdio(&self) -> Stdio {
        Stdio::Stream
    }
}

/// A host that ignores events and answers no prompt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Host for Silent {}

/// Something that happened during an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// An operation began.
    OperationStarted {
        /// The operation (`add`).
        operation: String,
        /// The plugin or source it is about, as the caller named it.
        subject: Option<String>,
    },
    /// The source that the user typed has been resolved. Sent before anything changes.
    Resolved {
        /// In words (`local plugin ./github`).
        description: String,
    },
    /// An operation that changes plugins, or starts or stops them, comes to the next one; `run`,
    /// `logs` and operations that only read send none.
    PluginStarted {
        /// The plugin's directory.
        plugin: String,
        /// Its display name.
        name: String,
        /// The number of this plugin, counted from 1.
        position: u32,
        /// How many plugins the operation is about.
        total: u32,
    },
    /// The operation is done with a plugin.
    PluginFinished {
        /// The plugin's directory.
        plugin: String,
        /// What became of it.
        result: PluginResult,
        /// Why it was skipped or failed, in words.
        reason: Option<String>,
    },
    /// A step of the operation began.
    Step {
        /// The plugin's directory, if there is one.
        plugin: Option<String>,
        /// What kind of step it is.
        phase: Phase,
        /// In words (`running install`).
        description: String,
    },
    /// Progress of a transfer, or of a commit that takes long. At most 20 a second for each source;
    /// the first and the last of a transfer are always sent.
    Progress {
        /// The source's URL, without credentials; of a commit, the path in the home.
        source: String,
        /// Bytes received, or stored.
        bytes: u64,
        /// Objects received, or stored.
        objects: u64,
        /// How many objects the running transfer brings, with those received before; null if that
        /// is not known.
        total_objects: Option<u64>,
    },
    /// A lifecycle command wrote something.
    Output {
        /// The plugin's directory.
        plugin: String,
        /// The lifecycle event (`install`).
        command: String,
        /// Which of its streams.
        stream: Stream,
        /// The bytes that it wrote; they need not be whole lines or UTF-8. At most 64 KiB.
        #[serde(serialize_with = "lossy_text", rename = "text")]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        chunk: Vec<u8>,
    },
    /// A message for a person.
    Message {
        /// How important it is.
        level: Level,
        /// The plugin's directory, if there is one.
        plugin: Option<String>,
        /// In words, with control characters escaped.
        text: String,
    },
    /// A home is being watched: from here on, every change is an event.
    Watching,
    /// A home that is watched has changed. At least one such event follows the last change; several
    /// changes in short succession may be one event.
    Changed {
        /// The directories of the plugins that were added, removed or changed: their source, their
        /// state, their definition or their variables.
        plugins: Vec<String>,
        /// True if the list of plugins or the settings of the home changed.
        manifest: bool,
    },
    /// The operation ended; its outcome is what the call returns.
    OperationFinished {
        /// The operation.
        operation: String,
    },
}

fn lossy_text<S: serde::Serializer>(bytes: &[u8], s: S) -> std::result::Result<S::Ok, S::Error> {
    s.serialize_str(&String::from_utf8_lossy(bytes))
}

/// What a step of an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// Asks sources, and fetches files.
    Fetching,
    /// Checks fetched files and compares them.
    Checking,
    /// Puts files in place, or removes them.
    Placing,
    /// Runs a command of the plugin.
    Running,
    /// Commits to the home's repository, and pushes.
    Committing,
}

/// What became of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PluginResult {
    /// The operation was done.
    Done,
    /// There was nothing to do.
    Skipped,
    /// The operation failed.
    Failed,
}

/// How important a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Information.
    Info,
    /// A problem that does not stop the operation.
    Warning,
}

/// A standard stream of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How lifecycle commands get their standard streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stdio {
    /// No standard input; output arrives as [`Event::Output`]; a process group of its own.
    Stream,
    /// The streams and the process group of this process.
    Inherit,
}

/// A question to the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Prompt {
    /// A stable id (`env:github:TOKEN`, `trust:github`, `confirm:remove:github`), by which the
    /// answer can be given in advance.
    pub id: String,
    /// The plugin's directory.
    pub plugin: String,
    /// What kind of answer is expected.
    pub kind: PromptKind,
    /// The question.
    pub message: String,
    /// What the answer decides: a variable's description, the commands that will run.
    pub details: Vec<String>,
    /// The value that an empty answer stands for, if there is one. Secrets are masked.
    pub default: Option<String>,
    /// True if the operation cannot continue without an answer.
    pub required: bool,
    /// The number of this question, counted from 1, and how many of this kind there are.
    pub position: (u32, u32),
}

impl Prompt {
    /// Creates a prompt that is not required, without details or default, and the only one of its
    /// kind: for the tests of a host.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        plugin: impl Into<String>,
        kind: PromptKind,
        message: impl Into<String>,
    ) -> Self {
        Prompt {
            id: id.into(),
            plugin: plugin.into(),
            kind,
            message: message.into(),
            details: Vec::new(),
            default: None,
            required: false,
            position: (1, 1),
        }
    }
}

/// What kind of answer a question expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PromptKind {
    /// Yes or no: confirms an action.
    Confirm,
    /// Yes or no: trusts the commands of a source.
    Trust,
    /// A line of text.
    Text,
    /// A line of text that must not be shown.
    Secret,
}

/// The host's answer.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// Yes, to a [`PromptKind::Confirm`] or [`PromptKind::Trust`].
    Yes,
    /// No, to a [`PromptKind::Confirm`] or [`PromptKind::Trust`].
    No,
    /// The text, to a [`PromptKind::Text`] or [`PromptKind::Secret`].
    Text(String),
    /// Uses the default, or leaves the variable unset.
    UseDefault,
    /// The host cannot answer.
    Unanswered,
}

impl fmt::Debug for Reply {
    /// Shows no text: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reply::Yes => "Yes",
            Reply::No => "No",
            Reply::Text(_) => "Text(…)",
            Reply::UseDefault => "UseDefault",
            Reply::Unanswered => "Unanswered",
        })
    }
}

/// A callback of the host failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct HostError {
    /// The host's own message.
    pub message: String,
}

impl From<HostError> for Error {
    fn from(error: HostError) -> Self {
        Error::new(
            ErrorKind::HostFailed,
            format!("the host could not answer: {error}"),
        )
        .with_cause(error)
    }
}

/// What the layers below an operation see of the host: they send events, and check for a cancel.
///
/// `report` is called on the thread that does the work; above, the operation's own thread passes
/// on to the host what other threads report.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) cancel: &'a CancelToken,
    pub(crate) report: &'a dyn Fn(Event),
}

impl Scope<'_> {
    /// Reports a warning.
    pub(crate) fn warn(&self, plugin: Option<&str>, text: impl Into<String>) {
        (self.report)(Event::Message {
            level: Level::Warning,
            plugin: plugin.map(str::to_owned),
            text: text.into(),
        });
    }
}

/// Cancels an operation from another thread or from a signal handler.
///
/// Clones share one flag. Once it is set the operation ends with [`ErrorKind::Cancelled`],
/// whatever the host answered, and has changed nothing.
#[derive(Debug, Clone, Default)]
pub struct CancelToken {
    cancelled: Arc<AtomicBool>,
    urgent: Arc<AtomicBool>,
}

impl CancelToken {
    /// Creates a token that is not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels. Safe in a signal handler: it stores to an atomic and does nothing else.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Returns true once it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// Fails once the token was cancelled.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`].
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(Error::cancelled());
        }
        Ok(())
    }

    /// Returns the flag itself, for a signal handler that can only set an atomic.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// A flag for a program that shares its terminal with commands ([`Stdio::Inherit`]). It is set,
    /// before the other one, by a signal that only the program itself gets (SIGTERM, SIGHUP): the
    /// commands are then asked to end at once. Without it, ATK expects that they got the terminal's
    /// signal (Ctrl-C) too, and waits some seconds for them to end.
    #[must_use]
    pub fn urgent_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.urgent)
    }

    /// Returns true if commands that share the terminal must be asked to end.
    pub(crate) fn is_urgent(&self) -> bool {
        self.urgent.load(Ordering::Acquire)
    }
}
