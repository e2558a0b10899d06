//! The host of an operation: passes on what JavaScript wants to hear, and waits for its answer.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use atk_core::{CancelToken, Event, Host, HostError, Prompt, Reply, json_text};
use napi::Status;
use napi::threadsafe_function::{
    ThreadsafeFunction, ThreadsafeFunctionCallMode, UnknownReturnValue,
};

use crate::message::Message;
use crate::operation::Shared;

/// The caller's function. A full queue lets the operation wait.
pub(crate) type OnMessage =
    ThreadsafeFunction<Message, UnknownReturnValue, Message, Status, false, false, 16>;

/// How often a thread that waits for an answer looks for a cancel.
const NAP: Duration = Duration::from_millis(50);

/// Passes on what the caller wants to hear.
pub(crate) struct Channel {
    pub(crate) on_message: OnMessage,
    pub(crate) shared: Shared,
    pub(crate) hears: bool,
    pub(crate) answers: bool,
}

impl Channel {
    /// Says something. Where nobody can be told any more, as in a worker that ends, the operation
    /// is cancelled.
    pub(crate) fn say(&self, message: Message) {
        let mode = ThreadsafeFunctionCallMode::Blocking;
        if self.on_message.call(message, mode) != Status::Ok {
            self.shared.cancel.cancel();
        }
    }

    fn wait(&self, answered: &Receiver<Reply>) -> Reply {
        loop {
            match answered.recv_timeout(NAP) {
                Ok(reply) => return reply,
                Err(RecvTimeoutError::Timeout) if !self.shared.cancel.is_cancelled() => {}
                Err(_) => return Reply::Unanswered,
            }
        }
    }
}

impl Host for Channel {
    fn event(&self, event: Event) {
        if !self.hears || self.shared.cancel.is_cancelled() {
            return;
        }
        let document = serde_json::to_value(&event).unwrap_or_default();
        let chunk = match event {
            Event::Output { chunk, .. } => Some(chunk.into()),
            _ => None,
        };
        let (id, heard) = self.shared.expect();
        self.say(Message::Event {
            id,
            document: json_text(&document),
            chunk,
        });
        // The operation waits, so that a callback that throws stops it here and not later.
        self.wait(&heard);
    }

    fn prompt(&self, prompt: Prompt, _: &CancelToken) -> Result<Reply, HostError> {
        if !self.answers {
            return Ok(Reply::Unanswered);
        }
        let document = serde_json::to_value(&prompt).unwrap_or_default();
        let (id, answered) = self.shared.expect();
        self.say(Message::Prompt {
            id,
            document: json_text(&document),
        });
        Ok(self.wait(&answered))
    }
}
