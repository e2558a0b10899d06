//! The host of an operation that runs on its own thread: what it is told and asked goes through a
//! channel to the thread that called.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use atk_core::{CancelToken, Error, Event, Host, HostError, Prompt, Reply};
use serde_json::Value;

/// What an operation's thread has to say.
pub(crate) enum News {
    /// A fact, and where to say that it was heard.
    Event(Event, Sender<()>),
    /// A question, and where its answer goes.
    Prompt(Prompt, Sender<Result<Reply, HostError>>),
    Done(Result<Value, Error>),
}

/// How often a thread that waits for an answer looks for a cancel.
const NAP: Duration = Duration::from_millis(50);

/// Passes on what the caller wants to hear.
pub(crate) struct Channel {
    pub(crate) news: Sender<News>,
    pub(crate) hears: bool,
    pub(crate) answers: bool,
}

impl Channel {
    fn wait(
        answer: &Receiver<Result<Reply, HostError>>,
        cancel: &CancelToken,
    ) -> Result<Reply, HostError> {
        loop {
            match answer.recv_timeout(NAP) {
                Ok(answer) => return answer,
                // Once it is cancelled, the answer does not count.
                Err(_) if cancel.is_cancelled() => return Ok(Reply::Unanswered),
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {
                    return Ok(Reply::Unanswered);
                }
            }
        }
    }
}

impl Host for Channel {
    fn event(&self, event: Event) {
        if self.hears {
            let (heard, was_heard) = channel();
            // The operation waits, so that a callback that raises stops it here and not later.
            // Where nobody listens any more it has been cancelled.
            if self.news.send(News::Event(event, heard)).is_ok() {
                let _ = was_heard.recv();
            }
        }
    }

    fn prompt(&self, prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError> {
        let (answer, answered) = channel();
        if !self.answers || self.news.send(News::Prompt(prompt, answer)).is_err() {
            return Ok(Reply::Unanswered);
        }
        Channel::wait(&answered, cancel)
    }
}
