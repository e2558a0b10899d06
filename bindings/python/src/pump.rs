//! Runs an operation on its own thread, and what it has to say on the calling one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use atk_core::{Atk, CancelToken, Error, Event, HostError, Prompt, Reply, Request};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyString, PyTuple};
use serde_json::Value;

use crate::channel::{Channel, News};
use crate::errors::{defect, raise};

/// How long Ctrl-C may go unnoticed.
const NAP: Duration = Duration::from_millis(50);

/// The callbacks of the caller.
pub(crate) struct Callbacks {
    pub(crate) on_event: Option<Py<PyAny>>,
    pub(crate) on_prompt: Option<Py<PyAny>>,
}

/// Runs an operation. What a callback raises, and Ctrl-C, cancel it and are raised once it has
/// ended: the home is then as it was before.
pub(crate) fn run(
    py: Python<'_>,
    atk: &Atk,
    (operation, request): (&str, Request),
    callbacks: &Callbacks,
    cancel: &CancelToken,
) -> PyResult<Value> {
    let (sender, news) = channel();
    let host = Channel {
        news: sender.clone(),
        hears: callbacks.on_event.is_some(),
        answers: callbacks.on_prompt.is_some(),
    };
    let (atk, operation) = (atk.with_cancel(cancel), operation.to_owned());
    let work = move || {
        let called = AssertUnwindSafe(|| atk.call(&operation, request, &host));
        let done = catch_unwind(called).unwrap_or_else(|_| Err(defect()));
        // The receiver waits for this.
        let _ = sender.send(News::Done(done));
    };
    let thread = thread::Builder::new().name("atk-operation".into());
    let worker = thread.spawn(work).map_err(PyErr::from)?;
    let (done, raised) = listen(py, news, callbacks, cancel);
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
    cancel: &CancelToken,
) -> (Result<Value, Error>, Option<PyErr>) {
    let mut raised: Option<PyErr> = None;
    loop {
        // It goes to the waiting and comes back: it may be moved, but not shared.
        let (received, back) = py.detach(move || (news.recv_timeout(NAP), news));
        news = back;
        let heard = match received {
            Ok(News::Done(done)) => return (done, raised),
            Ok(_) if raised.is_some() => Ok(()),
            Ok(News::Event(event, heard)) => {
                let told = tell(py, callbacks, event);
                if told.is_err() {
                    // Before the operation goes on.
                    cancel.cancel();
                }
                let _ = heard.send(());
                told
            }
            Ok(News::Prompt(prompt, answer)) => match ask(py, callbacks, &prompt) {
                Ok(reply) => {
                    let _ = answer.send(Ok(reply));
                    Ok(())
                }
                Err(error) => {
                    let message = error.to_string();
                    let _ = answer.send(Err(HostError { message }));
                    Err(error)
                }
            },
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => return (Err(defect()), raised),
        };
        if let Err(error) = heard.and_then(|()| py.check_signals()) {
            raised.get_or_insert(error);
            cancel.cancel();
        }
    }
}

fn tell(py: Python<'_>, callbacks: &Callbacks, event: Event) -> PyResult<()> {
    let Some(on_event) = &callbacks.on_event else {
        return Ok(());
    };
    let document = serde_json::to_string(&event).unwrap_or_default();
    let chunk = match event {
        Event::Output { chunk, .. } => Some(PyBytes::new(py, &chunk)),
        _ => None,
    };
    on_event.call1(py, (document, chunk)).map(drop)
}

/// None: unanswered. True and False: yes and no. A string: the text. An empty tuple: the default.
fn ask(py: Python<'_>, callbacks: &Callbacks, prompt: &Prompt) -> PyResult<Reply> {
    let Some(on_prompt) = &callbacks.on_prompt else {
        return Ok(Reply::Unanswered);
    };
    let document = serde_json::to_string(prompt).unwrap_or_default();
    let answer = on_prompt.call1(py, (document,))?;
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
