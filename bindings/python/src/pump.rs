//! Runs an operation on its own thread, and what it has to say on the calling one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use atk_core::{Caller, CancelToken, Error, Event, Home, HostError, Prompt, Reply, json_text};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyString, PyTuple};
use serde_json::{Map, Value};

use crate::cancel::CancelToken as Given;
use crate::channel::{Channel, News};
use crate::errors::{defect, raise};

/// How long Ctrl-C may go unnoticed.
const NAP: Duration = Duration::from_millis(50);

/// The callbacks of the caller.
pub(crate) struct Callbacks {
    pub(crate) on_event: Option<Py<PyAny>>,
    pub(crate) on_prompt: Option<Py<PyAny>>,
}

/// The token of one operation, which ends with the one that the caller gave. What a callback raises
/// is no reason for other operations with the caller's token to end.
struct Cancel {
    own: CancelToken,
    given: Given,
}

impl Cancel {
    /// Passes on a cancel of the caller's.
    fn relay(&self) {
        if self.given.is_cancelled() {
            self.own.cancel();
        }
    }

    /// Cancels where a callback has raised, or the caller cancelled meanwhile.
    fn after<T>(&self, called: &PyResult<T>) {
        if called.is_err() {
            self.own.cancel();
        }
        self.relay();
    }
}

/// Runs an operation. What a callback raises, and Ctrl-C, cancel it and are raised once it has
/// ended: the home is then as it was before.
pub(crate) fn run(
    py: Python<'_>,
    home: &Home,
    (operation, request): (&str, Map<String, Value>),
    callbacks: &Callbacks,
    given: Given,
) -> PyResult<Value> {
    let own = CancelToken::new();
    let cancel = Cancel { own, given };
    cancel.relay();
    let (sender, news) = channel();
    let host = Channel {
        news: sender.clone(),
        hears: callbacks.on_event.is_some(),
        answers: callbacks.on_prompt.is_some(),
    };
    let (home, operation) = (home.with_cancel(&cancel.own), operation.to_owned());
    // So that a callback cannot wait for the operation that calls it.
    let caller = Caller::of_this_thread();
    let work = move || {
        caller.adopt();
        let called = AssertUnwindSafe(|| home.call(&operation, request, &host));
        let done = catch_unwind(called).unwrap_or_else(|_| Err(defect()));
        // The receiver waits for this.
        let _ = sender.send(News::Done(done));
    };
    let thread = thread::Builder::new().name("atk-operation".into());
    let worker = thread.spawn(work).map_err(PyErr::from)?;
    let (done, raised) = listen(py, news, callbacks, &cancel);
    let _ = py.detach(|| worker.join());
    match (raised, done) {
        (Some(raised), _) => Err(raised),
        (None, Ok(outcome)) => Ok(outcome),
        (None, Err(error)) => Err(raise(py, &error)),
    }
}

/// Listens until the operation is done. The first exception is kept.
fn listen(
    py: Python<'_>,
    mut news: Receiver<News>,
    callbacks: &Callbacks,
    cancel: &Cancel,
) -> (Result<Value, Error>, Option<PyErr>) {
    let mut raised: Option<PyErr> = None;
    loop {
        // It goes to the waiting and comes back: it may be moved, but not shared.
        let (received, back) = py.detach(move || (news.recv_timeout(NAP), news));
        news = back;
        cancel.relay();
        let heard = match received {
            Ok(News::Done(done)) => return (done, raised),
            Ok(_) if raised.is_some() => Ok(()),
            Ok(News::Event(event, heard)) => {
                let told = tell(py, callbacks, event);
                // Before the operation goes on.
                cancel.after(&told);
                let _ = heard.send(());
                told
            }
            Ok(News::Prompt(prompt, answer)) => {
                let reply = ask(py, callbacks, &prompt);
                cancel.after(&reply);
                let said = reply.as_ref().map(Reply::clone).map_err(|error| HostError {
                    message: error.to_string(),
                });
                let _ = answer.send(said);
                reply.map(drop)
            }
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => return (Err(defect()), raised),
        };
        if let Err(error) = heard.and_then(|()| py.check_signals()) {
            raised.get_or_insert(error);
            cancel.own.cancel();
        }
    }
}

fn tell(py: Python<'_>, callbacks: &Callbacks, event: Event) -> PyResult<()> {
    let Some(on_event) = &callbacks.on_event else {
        return Ok(());
    };
    let document = serde_json::to_value(&event).unwrap_or_default();
    let chunk = match event {
        Event::Output { chunk, .. } => Some(PyBytes::new(py, &chunk)),
        _ => None,
    };
    on_event.call1(py, (json_text(&document), chunk)).map(drop)
}

/// None: unanswered. True and False: yes and no. A string: the text. An empty tuple: the default.
fn ask(py: Python<'_>, callbacks: &Callbacks, prompt: &Prompt) -> PyResult<Reply> {
    let Some(on_prompt) = &callbacks.on_prompt else {
        return Ok(Reply::Unanswered);
    };
    let document = serde_json::to_value(prompt).unwrap_or_default();
    let answer = on_prompt.call1(py, (json_text(&document),))?;
    let answer = answer.bind(py);
    Ok(if answer.is_none() {
        Reply::Unanswered
    } else if answer.is_instance_of::<PyTuple>() {
        Reply::UseDefault
    } else if let Ok(yes) = answer.cast::<PyBool>() {
        if yes.is_true() { Reply::Yes } else { Reply::No }
    } else {
        Reply::Text(answer.cast::<PyString>()?.to_cow()?.into_owned())
    })
}
