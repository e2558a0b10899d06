//! A handle on a home.

use std::path::PathBuf;

use atk_core::Silent;
use atk_support::{open, parsed};
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::decoder::Decoder;
use crate::direct;
use crate::errors::raise;
use crate::pump::{self, Callbacks};

/// Operations that do not wait, send no events and ask nothing: they need no thread.
const LOCAL: [&str; 4] = ["resolve", "mcp", "readme", "cache"];

/// A handle on a home.
#[pyclass(frozen, module = "atk._native")]
pub(crate) struct Home(atk_core::Home);

#[pymethods]
impl Home {
    /// Opens a home. Without a path it is where the environment says. `settings` is JSON.
    #[new]
    #[pyo3(signature = (path, settings))]
    fn new(py: Python<'_>, path: Option<PathBuf>, settings: &str) -> PyResult<Self> {
        let opened = parsed(settings).and_then(|changes| open(path, changes));
        opened.map(Home).map_err(|error| raise(py, &error))
    }

    /// The home's path.
    #[getter]
    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// Runs an operation. The request is JSON, the outcome what the decoder makes of it.
    #[pyo3(signature = (operation, request, decoder, on_event=None, on_prompt=None, cancel=None))]
    #[expect(clippy::too_many_arguments, reason = "they are those of Python")]
    fn call<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        request: &str,
        decoder: &Decoder,
        on_event: Option<Py<PyAny>>,
        on_prompt: Option<Py<PyAny>>,
        cancel: Option<&CancelToken>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if operation == "list" {
            let listed = py.detach(|| self.0.list());
            return direct::make(py, decoder, &listed.map_err(|error| raise(py, &error))?);
        }
        let request: serde_json::Map<_, _> = parsed(request).map_err(|error| raise(py, &error))?;
        let outcome = if LOCAL.contains(&operation) {
            let called = py.detach(|| self.0.call(operation, request, &Silent));
            called.map_err(|error| raise(py, &error))?
        } else {
            let callbacks = Callbacks {
                on_event,
                on_prompt,
            };
            let given = cancel.cloned().unwrap_or_default();
            pump::run(py, &self.0, (operation, request), &callbacks, given)?
        };
        let outcome = outcome.value().map_err(|error| raise(py, &error))?;
        decoder.value(py, &outcome)
    }
}

/// The median time in microseconds that the library itself takes to list a home: for the
/// benchmark.
#[pyfunction]
pub(crate) fn time_list(py: Python<'_>, path: PathBuf, runs: usize) -> PyResult<f64> {
    let home = Home::new(py, Some(path), "{}")?;
    let timed = py.detach(|| atk_support::time_list(&home.0, runs));
    timed.map_err(|error| raise(py, &error))
}
