//! The embedding application: what it is told, what it is asked, and how it cancels.

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
    /// Hears a fact: progress, a step, a warning, output of a command. It must return quickly and
    /// cannot fail. Events are advisory: the returned outcome is complete without them.
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

    /// Says how lifecycle commands get their standard streams. Only a program that owns a
    /// terminal answers [`Stdio::Inherit`].
    fn stdio(&self) -> Stdio {
        Stdio::Stream
    }
}

/// The host that hears nothing and answers nothing.
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
    /// What was typed has been understood; shown before anything happens.
    Resolved {
        /// In words (`local plugin ./github`).
        description: String,
    },
    /// A step of the operation began.
    Step {
        /// The plugin's directory, if there is one.
        plugin: Option<String>,
        /// In words (`fetching`).
        description: String,
    },
    /// A transfer went on, or a commit that takes a while. At most 20 a second for each source; of a
    /// transfer the first and the last always come.
    Progress {
        /// The source's URL, without credentials; of a commit, the path in the home.
        source: String,
        /// Bytes received, or stored.
        bytes: u64,
        /// Objects received, or stored.
        objects: u64,
    },
    /// A lifecycle command wrote something.
    Output {
        /// The plugin's directory.
        plugin: String,
        /// The lifecycle event (`install`).
        command: String,
        /// Which of its streams.
        stream: Stream,
        /// What it wrote: bytes, neither lines nor UTF-8. At most 64 KiB.
        #[serde(serialize_with = "lossy_text", rename = "text")]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        chunk: Vec<u8>,
    },
    /// A message for a person.
    Message {
        /// How much of it.
        level: Level,
        /// The plugin's directory, if there is one.
        plugin: Option<String>,
        /// In words, with control characters escaped.
        text: String,
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

/// How much attention a message wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Something is not as it should be; the operation goes on.
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
    /// answer can be given beforehand.
    pub id: String,
    /// The plugin's directory.
    pub plugin: String,
    /// What kind of answer is expected.
    pub kind: PromptKind,
    /// The question.
    pub message: String,
    /// What an answer is about: a variable's description, the commands that will run.
    pub details: Vec<String>,
    /// What an empty answer means, if it means something. Secrets are masked.
    pub default: Option<String>,
    /// True if the operation cannot go on without an answer.
    pub required: bool,
    /// Which of how many questions of this kind, counted from 1.
    pub position: (u32, u32),
}

impl Prompt {
    /// Makes a question without details or default, not required, the only one of its kind: for
    /// the tests of a host.
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
    /// Yes or no, about something that is to be done.
    Confirm,
    /// Yes or no, about running the commands of a source.
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
    /// Take the default, or leave the variable unset.
    UseDefault,
    /// Nobody can answer.
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
    /// What the host says about it.
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

/// What work below an operation may do towards the outside: report facts, and hear of a cancel.
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
    /// Makes a token that is not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels. Safe in a signal handler: it stores to an atomic and does nothing else.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// True once it was cancelled.
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

    /// The flag itself, for a signal handler that can only set an atomic.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// A flag for a program that shares its terminal with commands ([`Stdio::Inherit`]). It is set,
    /// before the other one, by a signal that only the program itself gets (SIGTERM, SIGHUP): the
    /// commands are then asked to end at once. Without it they are expected to have got the
    /// terminal's signal (Ctrl-C) too, and have some seconds to end by themselves.
    #[must_use]
    pub fn urgent_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.urgent)
    }

    /// True if commands that share the terminal have to be asked to end.
    pub(crate) fn is_urgent(&self) -> bool {
        self.urgent.load(Ordering::Acquire)
    }
}
