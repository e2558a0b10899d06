//! Runs an operation on its own thread, and its callbacks on the calling one.

use atk_core::{CancelToken, Document, Event, Home, Prompt, Reply, json_text};
use atk_support::{Call, Ended, Face, Wanted};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyString, PyTuple};
use serde_json::{Map, Value};

use crate::cancel::CancelToken as Given;
use crate::errors::raise;
use crate::nesting;

/// The callbacks of the caller.
pub(crate) struct Callbacks {
    pub(crate) on_event: Option<Py<PyAny>>,
    pub(crate) on_prompt: Option<Py<PyAny>>,
}

/// Runs an operation. What a callback raises, and Ctrl-C, cancel it and are raised once it has
/// ended: the home is then as it was before.
pub(crate) fn run(
    py: Python<'_>,
    home: &Home,
    (operation, request): (&str, Map<String, Value>),
    callbacks: &Callbacks,
    given: Given,
) -> PyResult<Document> {
    let call = Call::new(home, operation, request, nesting::current(py)?.child());
    let caller = Py::new(py, nesting::Caller(call.caller.clone()))?;
    let wanted = Wanted {
        events: callbacks.on_event.is_some(),
        prompts: callbacks.on_prompt.is_some(),
    };
    let thread = Thread {
        py,
        callbacks,
        caller,
        given,
    };
    call.run_here(&thread, wanted).map_err(|ended| match ended {
        Ended::Error(error) => raise(py, &error),
        Ended::Callback(raised) => raised,
    })
}

/// The calling thread.
struct Thread<'py, 'c> {
    py: Python<'py>,
    callbacks: &'c Callbacks,
    caller: Py<nesting::Caller>,
    given: Given,
}

impl Thread<'_, '_> {
    /// Calls a callback, in which the home of its operation cannot be changed.
    fn call<T>(&self, call: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
        nesting::within(self.py, &self.caller, call)
    }
}

impl Face for Thread<'_, '_> {
    type Failure = PyErr;

    fn wait<T: Send>(&self, wait: impl FnOnce() -> T + Send) -> T {
        self.py.detach(wait)
    }

    fn event(&self, event: Event) -> PyResult<()> {
        let Some(on_event) = &self.callbacks.on_event else {
            return Ok(());
        };
        let document = serde_json::to_value(&event).unwrap_or_default();
        let chunk = match event {
            Event::Output { chunk, .. } => Some(PyBytes::new(self.py, &chunk)),
            _ => None,
        };
        let arguments = (json_text(&document), chunk);
        self.call(|| on_event.call1(self.py, arguments).map(drop))
    }

    /// None: unanswered. True and False: yes and no. A string: the text. An empty tuple: the default.
    fn prompt(&self, prompt: Prompt) -> PyResult<Reply> {
        let Some(on_prompt) = &self.callbacks.on_prompt else {
            return Ok(Reply::Unanswered);
        };
        let document = serde_json::to_value(prompt).unwrap_or_default();
        let answer = self.call(|| on_prompt.call1(self.py, (json_text(&document),)))?;
        let answer = answer.bind(self.py);
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

    /// What a callback raises is no reason for other operations with the caller's token to end, so
    /// the operation has a token of its own.
    fn check(&self, cancel: &CancelToken) -> PyResult<()> {
        if self.given.is_cancelled() {
            cancel.cancel();
        }
        self.py.check_signals()
    }
}
