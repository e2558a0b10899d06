//! Callbacks on another thread than the worker.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use atk_core::{CancelToken, Event, Host, HostError, Prompt, Reply};

/// How often a thread that waits for an answer checks whether the operation is cancelled.
pub(crate) const POLL: Duration = Duration::from_millis(50);

/// Which callbacks there are.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Events are delivered.
    pub events: bool,
    /// Prompts are delivered; otherwise they are unanswered.
    pub prompts: bool,
}

/// What the operation calls back for, and where the answer goes. There is never more than one that
/// waits.
pub enum Request {
    /// An event. The operation goes on after any answer.
    Event(Event, Answer),
    /// A prompt.
    Prompt(Prompt, Answer),
}

/// Where an answer goes. Dropping it answers nothing.
pub struct Answer(Sender<Result<Reply, HostError>>);

impl Answer {
    /// Answers. After a cancel this has no effect.
    pub fn give(self, reply: Result<Reply, HostError>) {
        let _ = self.0.send(reply);
    }
}

/// The host of an operation whose callbacks run on another thread. It delivers one request at a time
/// and waits for its answer, so that a callback that fails stops the operation at that point.
pub struct Post<F> {
    post: F,
    wanted: Wanted,
    cancel: CancelToken,
}

impl<F: Fn(Request) -> bool + Send + Sync> Post<F> {
    /// Makes the host of a call that `cancel` cancels. `post` delivers a request; it returns false
    /// if there is no receiver any more, which cancels the operation.
    #[must_use]
    pub fn new(post: F, wanted: Wanted, cancel: &CancelToken) -> Self {
        Post {
            post,
            wanted,
            cancel: cancel.clone(),
        }
    }

    fn delivered(
        &self,
        request: impl FnOnce(Answer) -> Request,
        cancel: &CancelToken,
    ) -> Result<Reply, HostError> {
        let (answer, answered) = channel();
        if !(self.post)(request(Answer(answer))) {
            self.cancel.cancel();
            return Ok(Reply::Unanswered);
        }
        wait(&answered, cancel)
    }
}

fn wait(
    answered: &Receiver<Result<Reply, HostError>>,
    cancel: &CancelToken,
) -> Result<Reply, HostError> {
    loop {
        match answered.recv_timeout(POLL) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Timeout) if !cancel.is_cancelled() => {}
            Err(_) => return Ok(Reply::Unanswered),
        }
    }
}

impl<F: Fn(Request) -> bool + Send + Sync> Host for Post<F> {
    fn event(&self, event: Event) {
        if self.wanted.events {
            let _ = self.delivered(|answer| Request::Event(event, answer), &self.cancel);
        }
    }

    fn prompt(&self, prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError> {
        if !self.wanted.prompts {
            return Ok(Reply::Unanswered);
        }
        self.delivered(|answer| Request::Prompt(prompt, answer), cancel)
    }
}
