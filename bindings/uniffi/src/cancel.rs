//! Cancelling.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Cancels operations from another thread. One token may be given to several operations.
#[derive(Default, uniffi::Object)]
pub struct CancelToken(Mutex<State>);

/// An operation has a token of its own: where its future is dropped, it alone ends.
#[derive(Default)]
struct State {
    cancelled: bool,
    operations: Vec<atk_core::CancelToken>,
}

#[uniffi::export]
impl CancelToken {
    /// Makes a token that is not cancelled.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Cancels: what the token was given to ends with `Cancelled`, and has changed nothing.
    pub fn cancel(&self) {
        let mut state = self.state();
        state.cancelled = true;
        state
            .operations
            .iter()
            .for_each(atk_core::CancelToken::cancel);
    }

    /// True once it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        let state = self.state();
        state.cancelled
            || state
                .operations
                .iter()
                .any(atk_core::CancelToken::is_cancelled)
    }
}

impl CancelToken {
    /// What the host of an operation watches.
    pub(crate) fn of(operation: &atk_core::CancelToken) -> Self {
        CancelToken(Mutex::new(State {
            cancelled: false,
            operations: vec![operation.clone()],
        }))
    }

    /// Cancels an operation too, from now on.
    pub(crate) fn attach(&self, operation: &atk_core::CancelToken) {
        let mut state = self.state();
        if state.cancelled {
            operation.cancel();
        }
        state.operations.push(operation.clone());
    }

    pub(crate) fn detach(&self, operation: &atk_core::CancelToken) {
        let flag = operation.flag();
        let mut state = self.state();
        state
            .operations
            .retain(|other| !Arc::ptr_eq(&other.flag(), &flag));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
