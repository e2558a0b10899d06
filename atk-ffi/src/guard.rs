//! What stands around every function that can fail: no panic leaves it, and every failure becomes
//! a status and an error object.

use std::panic::{AssertUnwindSafe, catch_unwind};

use atk_core::{Error, ErrorKind, Result};

use crate::error::atk_error;
use crate::text::invalid;

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

/// What a pointer points to, or an error that names the argument.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for NULL.
pub(crate) unsafe fn reference<'a, T>(name: &str, pointer: *const T) -> Result<&'a T> {
    // SAFETY: by the contract it is NULL or points to a live object of this type.
    unsafe { pointer.as_ref() }.ok_or_else(|| invalid(&format!("`{name}` is NULL")))
}

/// The same, to be changed.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for NULL.
pub(crate) unsafe fn exclusive<'a, T>(name: &str, pointer: *mut T) -> Result<&'a mut T> {
    // SAFETY: by the contract it is NULL or points to a live object that nobody else uses.
    unsafe { pointer.as_mut() }.ok_or_else(|| invalid(&format!("`{name}` is NULL")))
}

/// Where a new object goes: checked before any work is done.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for NULL.
pub(crate) fn place<T>(name: &str, out: *mut *mut T) -> Result<Place<T>> {
    if out.is_null() {
        return Err(invalid(&format!("`{name}` is NULL")));
    }
    Ok(Place(out))
}

/// A pointer of the caller's that a new object is written to.
pub(crate) struct Place<T>(*mut *mut T);

impl<T> Place<T> {
    /// Hands an object over to the caller.
    pub(crate) fn put(self, object: T) {
        // SAFETY: it is not NULL, and by the contract it can be written to.
        unsafe { *self.0 = Box::into_raw(Box::new(object)) };
    }
}

/// Takes an object back from the caller and drops it. NULL is nothing.
pub(crate) unsafe fn free<T>(object: *mut T) {
    if !object.is_null() {
        // SAFETY: by the contract it came from `Place::put` or `guard`, and is freed once.
        quietly((), || drop(unsafe { Box::from_raw(object) }));
    }
}
