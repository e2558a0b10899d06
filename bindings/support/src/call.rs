//! An operation on a worker thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle};

use atk_core::{Caller, CancelToken, Document, Home, Host, Result};
use serde_json::{Map, Value};

use crate::open::defect;

/// A call of an operation.
#[derive(Clone)]
pub struct Call {
    home: Home,
    operation: String,
    arguments: Map<String, Value>,
    /// Who calls the operations that its callbacks call.
    pub caller: Caller,
    /// Cancels it, and nothing else.
    pub cancel: CancelToken,
}

impl Call {
    /// Prepares a call. `caller` is who calls the operations that its callbacks call: a child of the
    /// caller of the operation whose callback makes this call.
    #[must_use]
    pub fn new(
        home: &Home,
        operation: impl Into<String>,
        arguments: Map<String, Value>,
        caller: Caller,
    ) -> Self {
        let cancel = CancelToken::new();
        Call {
            home: home.with_cancel(&cancel),
            operation: operation.into(),
            arguments,
            caller,
            cancel,
        }
    }

    /// Runs the operation on a thread of its own, and then `ended` there. A panic of the operation
    /// is an error of the kind `Internal`.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](atk_core::ErrorKind::Internal) if no thread can be started.
    pub fn spawn<H: Host + 'static>(
        self,
        host: H,
        ended: impl FnOnce(Result<Document>, H) + Send + 'static,
    ) -> Result<JoinHandle<()>> {
        let work = move || {
            self.caller.adopt();
            let called = || self.home.call(&self.operation, self.arguments, &host);
            let outcome = catch_unwind(AssertUnwindSafe(called));
            let outcome = outcome.unwrap_or_else(|_| Err(defect("an operation panicked")));
            ended(outcome, host);
        };
        let thread = Builder::new().name("atk-operation".into());
        thread
            .spawn(work)
            .map_err(|cause| defect("no thread can be started").with_cause(cause))
    }
}
