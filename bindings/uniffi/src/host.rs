//! The embedding application, as a trait that the languages implement.

use std::sync::Arc;

use atk_support::Callbacks;

use crate::cancel::CancelToken;
use crate::records::{Event, Prompt};

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
    /// There is no answer.
    Unanswered,
}

impl Event {
    /// Returns None for an event that no language knows.
    fn of(mut event: atk_core::Event) -> Option<Self> {
        let bytes = match &mut event {
            atk_core::Event::Output { chunk, .. } => std::mem::take(chunk),
            _ => Vec::new(),
        };
        let mut made = serde_json::from_value(serde_json::to_value(&event).ok()?).ok()?;
        if let Event::Output { chunk, .. } = &mut made {
            *chunk = bytes;
        }
        Some(made)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_wrote_stays_bytes() {
        let event = atk_core::Event::Output {
            plugin: "tool".to_owned(),
            command: "install".to_owned(),
            stream: atk_core::Stream::Stderr,
            chunk: vec![0xff],
        };
        let made = Event::of(event);
        assert!(matches!(made, Some(Event::Output { chunk, .. }) if chunk == [0xff]));
    }
}
