//! Which operation's callback runs, for languages whose callbacks leave the operation's thread.

use std::cell::Cell;
use std::sync::Arc;

use atk_core::Caller;

thread_local! {
    static NEXT: Cell<Option<Caller>> = const { Cell::new(None) };
}

/// An operation, as what its callbacks call sees it. An operation that is called from a callback
/// cannot change the home of the outer one, and fails with `HomeNested`.
///
/// A callback runs on the operation's thread, where this is known. A language's layer uses this if
/// its callbacks go on on another thread.
#[derive(uniffi::Object)]
pub struct CallScope(Caller);

#[uniffi::export]
impl CallScope {
    /// Makes the scope of an operation that this thread is about to start.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(CallScope(Caller::of_this_thread().child()))
    }

    /// Returns the scope that this thread is in.
    #[uniffi::constructor]
    #[must_use]
    pub fn current() -> Arc<Self> {
        Arc::new(CallScope(Caller::of_this_thread()))
    }

    /// Makes this the scope of the next operation that this thread starts.
    pub fn start(&self) {
        NEXT.set(Some(self.0.clone()));
    }

    /// Lets this thread enter the scope. Returns the one that it was in: enter that again at the end.
    #[must_use]
    pub fn enter(&self) -> Arc<CallScope> {
        Arc::new(CallScope(self.0.clone().adopt()))
    }
}

/// Returns who calls the callbacks of the operation that this thread starts.
pub(crate) fn caller() -> Caller {
    NEXT.take()
        .unwrap_or_else(|| Caller::of_this_thread().child())
}
