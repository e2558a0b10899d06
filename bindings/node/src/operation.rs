//! A running operation, as JavaScript holds it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use atk_core::{CancelToken, Reply};
use napi_derive::napi;

use crate::message::Answer;

/// Where the answer to the message goes that waits for one. There is never more than one.
#[derive(Default)]
pub(crate) struct Waiting {
    last: u32,
    answer: Option<Sender<Reply>>,
}

/// What the thread of an operation and JavaScript share.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    waiting: Arc<Mutex<Waiting>>,
    pub(crate) cancel: CancelToken,
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing can be left half done in it.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares for the answer to a message, which is given under the id.
    pub(crate) fn expect(&self) -> (u32, Receiver<Reply>) {
        let (answer, answered) = channel();
        let mut waiting = self.waiting();
        waiting.last = waiting.last.wrapping_add(1);
        waiting.answer = Some(answer);
        (waiting.last, answered)
    }

    fn reply(&self, id: u32, reply: Reply) {
        let mut waiting = self.waiting();
        if waiting.last == id
            && let Some(answer) = waiting.answer.take()
        {
            // Where it no longer waits it was cancelled.
            let _ = answer.send(reply);
        }
    }
}

/// A running operation.
#[napi]
pub struct Operation {
    pub(crate) shared: Shared,
}

#[napi]
impl Operation {
    /// Cancels the operation. Its last message still comes.
    #[napi]
    pub fn cancel(&self) {
        self.shared.cancel.cancel();
    }

    /// Answers a message.
    #[napi]
    pub fn reply(&self, id: u32, answer: Answer, text: Option<String>) {
        let reply = match answer {
            Answer::Unanswered => Reply::Unanswered,
            Answer::Yes => Reply::Yes,
            Answer::No => Reply::No,
            Answer::Text => Reply::Text(text.unwrap_or_default()),
            Answer::Default => Reply::UseDefault,
        };
        self.shared.reply(id, reply);
    }
}

impl Drop for Operation {
    /// It goes when its function can be called no more: at the latest when its worker ends.
    fn drop(&mut self) {
        self.shared.cancel.cancel();
    }
}
