//! The embedding application, as a trait that the languages implement.

use std::sync::Arc;

use atk_support::Callbacks;
use serde::Deserialize;

use crate::cancel::CancelToken;
use crate::records::{choices, records};

/// The embedding application. It is called on the operation's own thread, one call at a time.
#[uniffi::export(foreign)]
pub trait Host: Send + Sync {
    /// Hears a fact. It must return quickly. Where it throws the operation ends with
    /// `HostFailed`, and the home is as it was before.
    fn on_event(&self, event: Event) -> Result<(), HostError>;

    /// Answers a question. The operation waits. A host that waits for a person watches `cancel`.
    fn on_prompt(&self, prompt: Prompt, cancel: Arc<CancelToken>) -> Result<Reply, HostError>;
}

/// A callback of the host failed.
#[derive(Debug, uniffi::Error)]
pub enum HostError {
    /// It threw.
    Failed {
        /// What it said.
        reason: String,
    },
}

impl std::fmt::Display for HostError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let HostError::Failed { reason } = self;
        f.write_str(reason)
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        let reason = error.reason;
        HostError::Failed { reason }
    }
}

choices! {
    /// How much attention a message wants.
    Level "snake_case" {
        /// Worth knowing.
        Info,
        /// Something is not as it should be; the operation goes on.
        Warning,
    }

    /// A standard stream of a command.
    OutputStream "snake_case" {
        /// Standard output.
        Stdout,
        /// Standard error.
        Stderr,
    }

    /// What kind of answer a question expects.
    PromptKind "snake_case" {
        /// Yes or no, about something that is to be done.
        Confirm,
        /// Yes or no, about running what a source brings.
        Trust,
        /// A line of text.
        Text,
        /// A line of text that must not be shown.
        Secret,
    }
}

records! {
    /// A question.
    Prompt {
        /// A stable id (`env:github:TOKEN`), by which the answer can be given beforehand.
        id: String,
        /// The plugin's directory.
        plugin: String,
        /// What kind of answer is expected.
        kind: PromptKind,
        /// The question.
        message: String,
        /// What an answer is about: a variable's description, the commands that will run.
        details: Vec<String>,
        /// What an empty answer means, where it means something. Secrets are masked.
        default: Option<String>,
        /// True where the operation cannot go on without an answer.
        required: bool,
        /// Which of how many questions of this kind.
        position: Position,
    }

    /// Which of how many.
    Position {
        /// Counted from 1.
        number: i32,
        /// How many there are.
        total: i32,
    }
}

/// An answer.
#[derive(Clone, uniffi::Enum)]
pub enum Reply {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The text.
    Text {
        /// As it was typed.
        text: String,
    },
    /// Take the default, or leave the variable unset.
    UseDefault,
    /// Nobody can answer.
    Unanswered,
}

/// Something that happened during an operation.
#[derive(Debug, Clone, uniffi::Enum)]
pub enum Event {
    /// An operation began.
    OperationStarted {
        /// The operation.
        operation: String,
        /// The plugin or source it is about, as the caller named it.
        subject: Option<String>,
    },
    /// What was typed has been understood; shown before anything happens.
    Resolved {
        /// In words.
        description: String,
    },
    /// A step of the operation began.
    Step {
        /// The plugin's directory, where there is one.
        plugin: Option<String>,
        /// In words.
        description: String,
    },
    /// A transfer went on, or a commit that takes a while.
    Progress {
        /// The source's URL, without credentials.
        source: String,
        /// Bytes received, or stored.
        bytes: i64,
        /// Objects received.
        objects: i64,
    },
    /// A lifecycle command wrote something.
    Output {
        /// The plugin's directory.
        plugin: String,
        /// The lifecycle event.
        command: String,
        /// Which of its streams.
        stream: OutputStream,
        /// Bytes, neither lines nor UTF-8. At most 64 KiB.
        chunk: Vec<u8>,
    },
    /// Something worth a person's attention.
    Message {
        /// How much of it.
        level: Level,
        /// The plugin's directory, where there is one.
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

impl Event {
    /// None: an event that this face has no variant for yet; a test finds it.
    pub(crate) fn of(event: atk_core::Event) -> Option<Self> {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Some(match event {
            atk_core::Event::OperationStarted { operation, subject } => {
                Event::OperationStarted { operation, subject }
            }
            atk_core::Event::Resolved { description } => Event::Resolved { description },
            atk_core::Event::Step {
                plugin,
                description,
            } => Event::Step {
                plugin,
                description,
            },
            atk_core::Event::Progress {
                source,
                bytes,
                objects,
            } => Event::Progress {
                source,
                bytes: count(bytes),
                objects: count(objects),
            },
            atk_core::Event::Output {
                plugin,
                command,
                stream,
                chunk,
            } => Event::Output {
                plugin,
                command,
                stream: match stream {
                    atk_core::Stream::Stdout => OutputStream::Stdout,
                    atk_core::Stream::Stderr => OutputStream::Stderr,
                },
                chunk,
            },
            atk_core::Event::Message {
                level,
                plugin,
                text,
            } => Event::Message {
                level: match level {
                    atk_core::Level::Info => Level::Info,
                    atk_core::Level::Warning => Level::Warning,
                },
                plugin,
                text,
            },
            atk_core::Event::OperationFinished { operation } => {
                Event::OperationFinished { operation }
            }
            _ => return None,
        })
    }
}

/// The host of a language, or none.
pub(crate) struct Foreign(pub(crate) Option<Arc<dyn Host>>);

fn failed(error: &HostError) -> atk_core::HostError {
    let message = error.to_string();
    atk_core::HostError { message }
}

impl Callbacks for Foreign {
    fn event(&self, event: atk_core::Event) -> Result<(), atk_core::HostError> {
        match (&self.0, Event::of(event)) {
            (Some(host), Some(event)) => host.on_event(event).map_err(|error| failed(&error)),
            _ => Ok(()),
        }
    }

    fn prompt(
        &self,
        prompt: atk_core::Prompt,
        cancel: &atk_core::CancelToken,
    ) -> Result<atk_core::Reply, atk_core::HostError> {
        let Some(host) = &self.0 else {
            return Ok(atk_core::Reply::Unanswered);
        };
        let document = serde_json::to_value(&prompt).and_then(serde_json::from_value::<Prompt>);
        let prompt = document.map_err(|error| atk_core::HostError {
            message: error.to_string(),
        })?;
        let reply = host.on_prompt(prompt, Arc::new(CancelToken::of(cancel)));
        Ok(match reply.map_err(|error| failed(&error))? {
            Reply::Yes => atk_core::Reply::Yes,
            Reply::No => atk_core::Reply::No,
            Reply::Text { text } => atk_core::Reply::Text(text),
            Reply::UseDefault => atk_core::Reply::UseDefault,
            Reply::Unanswered => atk_core::Reply::Unanswered,
        })
    }
}
