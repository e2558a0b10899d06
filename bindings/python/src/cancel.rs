//! Cancelling.

use pyo3::prelude::*;

/// Cancels operations from another thread or from a signal handler.
///
/// One token may be given to several operations. Once it is cancelled they end with
/// `CancelledError`, and the home is as it was before.
#[pyclass(frozen, module = "atk")]
#[derive(Default)]
pub(crate) struct CancelToken(pub(crate) atk_core::CancelToken);

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Cancels.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// True once it was cancelled.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}
