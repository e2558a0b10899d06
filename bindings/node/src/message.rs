//! What an operation says to JavaScript.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// What an operation has to say. Those with an `id` wait for `Operation.reply`.
#[napi(discriminant = "type", discriminant_case = "lowercase")]
pub enum Message {
    /// A fact.
    Event {
        /// For the reply.
        id: u32,
        /// The event, as JSON.
        document: String,
        /// The bytes that a command wrote.
        chunk: Option<Buffer>,
    },
    /// A question.
    Prompt {
        /// For the reply.
        id: u32,
        /// The question, as JSON.
        document: String,
    },
    /// The operation is done; nothing follows.
    Finished {
        /// The outcome, as JSON.
        outcome: String,
    },
    /// The operation failed; nothing follows.
    Failed {
        /// The error, as JSON.
        error: String,
    },
}

/// How a message was answered.
#[napi(string_enum = "snake_case")]
#[derive(Clone, Copy)]
pub enum Answer {
    /// An event was heard, or there is no answer.
    Unanswered,
    /// Yes.
    Yes,
    /// No.
    No,
    /// The text that comes with it.
    Text,
    /// The default.
    Default,
}
