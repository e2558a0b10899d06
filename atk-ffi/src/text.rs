//! Strings to and from C.

use std::ffi::{CStr, CString, OsString, c_char};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use atk_core::{Error, ErrorKind, Result};

/// A string for C. What C could not see the end of is left out.
pub(crate) fn c_string(text: &str) -> CString {
    let bytes: Vec<u8> = text.bytes().filter(|byte| *byte != 0).collect();
    CString::new(bytes).unwrap_or_default()
}

/// A string that may be absent, as C sees it.
pub(crate) fn c_pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(std::ptr::null(), |text| text.as_ptr())
}

/// The bytes of a string of C's that must be there.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for NULL.
pub(crate) unsafe fn bytes<'a>(name: &str, text: *const c_char) -> Result<&'a [u8]> {
    if text.is_null() {
        return Err(invalid(&format!("`{name}` is NULL")));
    }
    // SAFETY: it is not NULL, and by the contract it ends with a NUL.
    Ok(unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// The text of a string of C's that must be there.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for NULL, and for what is not UTF-8.
pub(crate) unsafe fn text<'a>(name: &str, text: *const c_char) -> Result<&'a str> {
    // SAFETY: the caller's contract is the same.
    let bytes = unsafe { bytes(name, text) }?;
    std::str::from_utf8(bytes).map_err(|_| invalid(&format!("`{name}` is not UTF-8")))
}

/// The same, where NULL says that there is none.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for what is not UTF-8.
pub(crate) unsafe fn optional<'a>(name: &str, value: *const c_char) -> Result<Option<&'a str>> {
    if value.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's contract is the same.
    unsafe { text(name, value) }.map(Some)
}

/// A path: bytes of any kind.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for NULL.
pub(crate) unsafe fn path(name: &str, value: *const c_char) -> Result<PathBuf> {
    // SAFETY: the caller's contract is the same.
    let bytes = unsafe { bytes(name, value) }?;
    Ok(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

/// An array of strings.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if the array or one of them is NULL.
pub(crate) unsafe fn array(
    name: &str,
    values: *const *const c_char,
    count: usize,
) -> Result<Vec<OsString>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if values.is_null() {
        return Err(invalid(&format!("`{name}` is NULL")));
    }
    // SAFETY: by the contract there are `count` pointers.
    let values = unsafe { std::slice::from_raw_parts(values, count) };
    let string = |value: &*const c_char| {
        // SAFETY: the caller's contract is the same.
        let bytes = unsafe { bytes(name, *value) }?;
        Ok(std::ffi::OsStr::from_bytes(bytes).to_owned())
    };
    values.iter().map(string).collect()
}

/// An error for an argument that cannot be taken.
pub(crate) fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
