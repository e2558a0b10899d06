//! Cancelling.

use pyo3::prelude::*;

/// Cancels operations from another thread or from a signal handler.
///
/// One token may be given to several operations. Once it is cancelled they end with
/// `CancelledError`, and the home is as it was before.
#[pyclass(frozen, module = "atk")]
#[derive(Clone, Default)]
pub(crate) struct CancelToken {
    own: atk_core::CancelToken,
    /// Those of which it is the child.
    parents: Vec<atk_core::CancelToken>,
}

impl CancelToken {
    pub(crate) fn is_cancelled(&self) -> bool {
        let mut all = self.parents.iter().chain([&self.own]);
        all.any(atk_core::CancelToken::is_cancelled)
    }
}

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Cancels.
    fn cancel(&self) {
        self.own.cancel();
    }

    /// A token that is cancelled with this one, and can be cancelled without it.
    fn child(&self) -> Self {
        let mut parents = self.parents.clone();
        parents.push(self.own.clone());
        CancelToken {
            own: atk_core::CancelToken::new(),
            parents,
        }
    }

    /// True once it was cancelled.
    #[getter]
    fn cancelled(&self) -> bool {
        self.is_cancelled()
    }
}
