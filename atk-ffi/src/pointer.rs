//! Pointers of the caller's: what they point to, where new objects go, and how they come back.

use atk_core::Result;

use crate::panics::quietly;
use crate::text::invalid;

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
    // SAFETY: by the contract it is NULL or points to a live object that is not used elsewhere.
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

/// Hands an object over to a caller who may not want it: NULL drops it.
pub(crate) unsafe fn give<T>(out: *mut *mut T, object: T) {
    if !out.is_null() {
        Place(out).put(object);
    }
}

/// Takes an object back from the caller and drops it. NULL is nothing.
pub(crate) unsafe fn free<T>(object: *mut T) {
    if !object.is_null() {
        // SAFETY: by the contract it came from `Place::put` or `guard`, and is freed once.
        quietly((), || drop(unsafe { Box::from_raw(object) }));
    }
}
