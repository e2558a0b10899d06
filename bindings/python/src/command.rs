//! The command `atk`.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the command `atk` with these words, the first of which is its own name; returns its exit
/// status. It takes over SIGINT, SIGTERM and SIGHUP: for the console script alone.
#[pyfunction]
pub(crate) fn command(py: Python<'_>, words: Vec<OsString>) -> u8 {
    py.detach(|| atk_cli::run(&words))
}
