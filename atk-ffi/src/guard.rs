//! What stands around every function that can fail: no panic leaves it, and every failure becomes
//! a status and an error object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use atk_core::{Error, ErrorKind, Result};

use crate::error::atk_error;
use crate::panics::quietly;

/// 0, or the number of an error kind.
pub(crate) type Status = i32;

/// Runs the body of a function. On failure `error`, where the caller gave one, gets the error
/// object.
pub(crate) fn guard(error: *mut *mut atk_error, body: impl FnOnce() -> Result<()>) -> Status {
    let failed = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return 0,
        Ok(Err(failed)) => failed,
        Err(payload) => {
            let failed = defect(payload.as_ref());
            // What was thrown may panic when it is dropped.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            failed
        }
    };
    let status = failed.kind().number();
    if !error.is_null() {
        let object = quietly(None, || Some(Box::new(atk_error::new(&failed))));
        let object = object.map_or(std::ptr::null_mut(), Box::into_raw);
        // SAFETY: it is not NULL, and by the contract it can be written to.
        unsafe { *error = object };
    }
    status
}

fn defect(payload: &(dyn std::any::Any + Send)) -> Error {
    let said = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Error::new(
        ErrorKind::Internal,
        format!("a defect of ATK, please report it: {said}"),
    )
}
