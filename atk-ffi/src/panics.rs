//! Functions that cannot fail, and their panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body of a function that cannot fail; a panic gives `otherwise`.
pub(crate) fn quietly<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => value,
        Err(payload) => {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            otherwise
        }
    }
}
