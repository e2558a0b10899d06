//! Callbacks on the worker thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

use atk_core::{CancelToken, Event, Host, HostError, Prompt, Reply};

/// The callbacks of a binding.
pub trait Callbacks: Send + Sync {
    /// Receives an event.
    ///
    /// # Errors
    /// The callback failed: the operation is cancelled, and fails with that.
    fn event(&self, event: Event) -> Result<(), HostError>;

    /// Answers a prompt. It ends early if `cancel` is cancelled.
    ///
    /// # Errors
    /// As above.
    fn prompt(&self, prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError>;
}

/// The host of an operation whose callbacks run on its own thread. The first callback that fails
/// cancels the operation, and no other is called after that.
pub struct Direct<C> {
    callbacks: C,
    cancel: CancelToken,
    failure: Mutex<Option<HostError>>,
}

impl<C: Callbacks> Direct<C> {
    /// Makes the host of a call that `cancel` cancels.
    #[must_use]
    pub fn new(callbacks: C, cancel: &CancelToken) -> Self {
        Direct {
            callbacks,
            cancel: cancel.clone(),
            failure: Mutex::default(),
        }
    }

    /// Returns the first failure of a callback: it is why the operation was cancelled.
    pub fn failure(self) -> Option<HostError> {
        self.failed().take()
    }

    fn checked<T>(&self, called: Result<T, HostError>) -> Result<T, HostError> {
        called.inspect_err(|error| {
            self.failed().get_or_insert_with(|| error.clone());
            self.cancel.cancel();
        })
    }

    fn failed(&self) -> MutexGuard<'_, Option<HostError>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Callbacks> Host for Direct<C> {
    fn event(&self, event: Event) {
        if self.failed().is_none() {
            let _ = self.checked(self.callbacks.event(event));
        }
    }

    fn prompt(&self, prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError> {
        if self.failed().is_some() {
            return Ok(Reply::Unanswered);
        }
        self.checked(self.callbacks.prompt(prompt, cancel))
    }
}
