//! Errors of the core as exceptions of the Python half.

use atk_core::{Error, ErrorKind, json_text};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Every kind of error: its number, its identifier and its exit code.
#[pyfunction]
pub(crate) fn kinds() -> Vec<(i32, &'static str, u8)> {
    let kinds = ErrorKind::ALL.iter();
    kinds
        .map(|kind| (kind.number(), kind.id(), kind.exit_code()))
        .collect()
}

/// The exception for an error.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = MAKE
        .import(py, "atk._errors", "from_json")
        .and_then(|make| make.call1((json_text(&error.to_json()),)));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(failed) => failed,
    }
}
