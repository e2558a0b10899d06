//! Callbacks on the calling thread.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

use atk_core::{CancelToken, Document, Event, HostError, Prompt, Reply, Result as Outcome};

use crate::call::Call;
use crate::open::defect;
use crate::post::{Answer, POLL, Post, Request, Wanted};

/// What a binding does on the thread that called an operation.
pub trait Face {
    /// Why a callback failed.
    type Failure: std::fmt::Display;

    /// Waits with the language's runtime released.
    fn wait<T: Send>(&self, wait: impl FnOnce() -> T + Send) -> T;

    /// Receives an event.
    ///
    /// # Errors
    /// The callback failed: the operation is cancelled, and fails with that.
    fn event(&self, event: Event) -> Result<(), Self::Failure>;

    /// Answers a prompt.
    ///
    /// # Errors
    /// As above.
    fn prompt(&self, prompt: Prompt) -> Result<Reply, Self::Failure>;

    /// Is called some times a second: passes a cancel of the caller on to `cancel`, and checks for
    /// signals.
    ///
    /// # Errors
    /// A signal ends the operation.
    fn check(&self, cancel: &CancelToken) -> Result<(), Self::Failure>;
}

/// Why an operation failed.
pub enum Ended<F> {
    /// As the library says.
    Error(atk_core::Error),
    /// A callback failed first.
    Callback(F),
}

enum News {
    Request(Request),
    Done(Outcome<Document>),
}

impl Call {
    /// Runs the operation on a thread of its own, and calls back on this one until it has ended.
    /// The first callback that fails cancels the operation, and no other is called after that.
    ///
    /// # Errors
    /// Those of the operation, or the failure of a callback.
    pub fn run_here<F: Face>(
        self,
        face: &F,
        wanted: Wanted,
    ) -> Result<Document, Ended<F::Failure>> {
        let (sender, mut news) = channel();
        let cancel = self.cancel.clone();
        face.check(&cancel).map_err(Ended::Callback)?;
        let mut failure = None;
        let requests: Sender<News> = sender.clone();
        let post = move |request| requests.send(News::Request(request)).is_ok();
        let host = Post::new(post, wanted, &cancel);
        let ended = move |outcome, _| drop(sender.send(News::Done(outcome)));
        let worker = self.spawn(host, ended).map_err(Ended::Error)?;
        let outcome = loop {
            let (received, back) = face.wait(move || receive(news));
            news = back;
            let called = match received {
                Ok(News::Done(outcome)) => break outcome,
                Err(RecvTimeoutError::Disconnected) => break Err(defect("an operation vanished")),
                Ok(News::Request(request)) if failure.is_none() => answer(face, request, &cancel),
                Ok(News::Request(_)) | Err(RecvTimeoutError::Timeout) => Ok(()),
            };
            if let Err(error) = called.and_then(|()| face.check(&cancel)) {
                failure.get_or_insert(error);
                cancel.cancel();
            }
        };
        let _ = face.wait(|| worker.join());
        match (failure, outcome) {
            (Some(failure), _) => Err(Ended::Callback(failure)),
            (None, Ok(outcome)) => Ok(outcome),
            (None, Err(error)) => Err(Ended::Error(error)),
        }
    }
}

/// A receiver may be moved to a closure and back, but not shared with it.
fn receive(news: Receiver<News>) -> (Result<News, RecvTimeoutError>, Receiver<News>) {
    (news.recv_timeout(POLL), news)
}

/// Calls back, and cancels before the operation goes on.
fn answer<F: Face>(face: &F, request: Request, cancel: &CancelToken) -> Result<(), F::Failure> {
    let (reply, to): (_, Answer) = match request {
        Request::Event(event, to) => (face.event(event).map(|()| Reply::Unanswered), to),
        Request::Prompt(prompt, to) => (face.prompt(prompt), to),
    };
    if reply.is_err() {
        cancel.cancel();
    }
    let checked = face.check(cancel);
    let failure = |error: &F::Failure| HostError {
        message: error.to_string(),
    };
    to.give(reply.as_ref().map(Reply::clone).map_err(failure));
    reply.map(drop).and(checked)
}
