//! What an operation says to JavaScript, and how JavaScript answers.

use std::sync::atomic::{AtomicU32, Ordering};

use atk_core::{Document, Error, Event, Result};
use atk_support::Request;
use napi::Status;
use napi::threadsafe_function::{
    ThreadsafeFunction, ThreadsafeFunctionCallMode, UnknownReturnValue,
};

use crate::document::text;
use crate::message::Message;
use crate::operation::Shared;

/// The caller's function. If its queue is full, the operation waits.
pub(crate) type OnMessage =
    ThreadsafeFunction<Message, UnknownReturnValue, Message, Status, false, false, 16>;

/// Posts messages to the thread of JavaScript.
pub(crate) struct Post {
    pub(crate) on_message: OnMessage,
    pub(crate) shared: Shared,
    pub(crate) last: AtomicU32,
}

impl Post {
    /// Posts a request for a callback. Returns false if JavaScript has ended.
    pub(crate) fn request(&self, request: Request) -> bool {
        let id = self.last.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let message = match request {
            Request::Event(event, answer) => {
                self.shared.expect(id, answer);
                let document = text(&event);
                let chunk = match event {
                    Event::Output { chunk, .. } => Some(chunk.into()),
                    _ => None,
                };
                Message::Event {
                    id,
                    document,
                    chunk,
                }
            }
            Request::Prompt(prompt, answer) => {
                self.shared.expect(id, answer);
                let document = text(&prompt);
                Message::Prompt { id, document }
            }
        };
        self.send(message)
    }

    /// Posts the end of the operation.
    pub(crate) fn ended(&self, outcome: &Result<Document, Error>) {
        self.send(match outcome {
            Ok(outcome) => Message::Finished {
                outcome: text(outcome),
            },
            Err(error) => Message::Failed {
                error: text(&error.to_json()),
            },
        });
    }

    fn send(&self, message: Message) -> bool {
        let mode = ThreadsafeFunctionCallMode::Blocking;
        self.on_message.call(message, mode) == Status::Ok
    }
}
