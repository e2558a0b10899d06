//! A running operation, as JavaScript holds it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use atk_core::{Caller, CancelToken, Reply};
use atk_support::Answer as To;
use napi_derive::napi;

use crate::message::Answer;

/// What the thread of an operation and JavaScript share: where the answer to the message goes that
/// waits for one.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Option<(u32, To)>>>);

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Option<(u32, To)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares for the answer to a message, which is given under the id.
    pub(crate) fn expect(&self, id: u32, answer: To) {
        *self.waiting() = Some((id, answer));
    }

    fn reply(&self, id: u32, reply: Reply) {
        if let Some((_, answer)) = self.waiting().take_if(|(waiting, _)| *waiting == id) {
            answer.give(Ok(reply));
        }
    }
}

/// A running operation.
#[napi]
pub struct Operation {
    pub(crate) shared: Shared,
    pub(crate) cancel: CancelToken,
    pub(crate) caller: Caller,
}

#[napi]
impl Operation {
    /// Cancels the operation. Its last message still comes.
    #[napi]
    pub fn cancel(&self) {
        self.cancel.cancel();
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
        self.cancel.cancel();
    }
}
