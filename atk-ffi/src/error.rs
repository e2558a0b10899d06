//! Errors, as C sees them.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use atk_core::{Error, ErrorKind, json_text};
use serde_json::Value;

use crate::panics::quietly;
use crate::pointer::free;
use crate::text::{c_pointer, c_string};
use crate::value::atk_value;

/// Why an operation failed. Free with `atk_error_free()`, unless it is borrowed.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_error {
    number: i32,
    exit_code: i32,
    id: CString,
    message: CString,
    json: CString,
    document: Value,
    value: OnceLock<atk_value>,
}

impl atk_error {
    pub(crate) fn new(error: &Error) -> Self {
        Self::of_document(&error.to_json())
    }

    /// An error of the document that every face shows for it.
    pub(crate) fn of_document(document: &Value) -> Self {
        let number = |field: &str| {
            let number = document.get(field).and_then(Value::as_i64);
            number.and_then(|number| i32::try_from(number).ok())
        };
        let text = |field: &str| document.get(field).and_then(Value::as_str);
        atk_error {
            number: number("number").unwrap_or(ErrorKind::Internal.number()),
            exit_code: number("exit_code").unwrap_or(1),
            id: c_string(text("code").unwrap_or_default()),
            message: c_string(text("message").unwrap_or_default()),
            json: c_string(&json_text(document)),
            document: document.clone(),
            value: OnceLock::new(),
        }
    }
}

/// The kind's stable number: the status that the function returned. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_number(error: *const atk_error) -> i32 {
    // SAFETY: NULL or a live object, by the contract.
    unsafe { error.as_ref() }.map_or(0, |error| error.number)
}

/// The kind's stable identifier (`plugin_not_installed`). Borrowed from the error; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_id(error: *const atk_error) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { error.as_ref() }.map(|error| &error.id))
}

/// What went wrong, for people; nothing may depend on it. Borrowed from the error; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_message(error: *const atk_error) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { error.as_ref() }.map(|error| &error.message))
}

/// The status that a command line would exit with. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_exit_code(error: *const atk_error) -> i32 {
    // SAFETY: as above.
    unsafe { error.as_ref() }.map_or(0, |error| error.exit_code)
}

/// Everything that is known of the error as JSON: `code`, `number`, `exit_code`, `message`, `details`.
/// Borrowed from the error; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_json(error: *const atk_error) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { error.as_ref() }.map(|error| &error.json))
}

/// The same as a tree: its `details` have what the error is about. Borrowed from the error; NULL for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_value(error: *const atk_error) -> *const atk_value {
    quietly(std::ptr::null(), || {
        // SAFETY: as above.
        let error = unsafe { error.as_ref() };
        error.map_or(std::ptr::null(), |error| {
            error.value.get_or_init(|| atk_value::new(&error.document))
        })
    })
}

/// Frees an error that the caller owns. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_free(error: *mut atk_error) {
    // SAFETY: owned by the caller, by the contract.
    unsafe { free(error) };
}

/// How many error kinds there are.
#[unsafe(no_mangle)]
pub extern "C" fn atk_error_kind_count() -> usize {
    ErrorKind::ALL.len()
}

/// The number of the kind at an index, in ascending order; 0 without one.
#[unsafe(no_mangle)]
pub extern "C" fn atk_error_kind_number(index: usize) -> i32 {
    ErrorKind::ALL.get(index).map_or(0, |kind| kind.number())
}

/// Writes the identifier of a kind into a buffer, with a NUL at its end, and returns its length in
/// bytes without the NUL; 0 if there is no kind of that number. What has no room is left out;
/// `buffer` may be NULL where `size` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_error_kind_id(number: i32, buffer: *mut c_char, size: usize) -> usize {
    quietly(0, || {
        let kind = ErrorKind::ALL.iter().find(|kind| kind.number() == number);
        let Some(id) = kind.map(|kind| kind.id()) else {
            return 0;
        };
        if !buffer.is_null() && size > 0 {
            let fits = id.len().min(size - 1);
            // SAFETY: by the contract `buffer` has room for `size` bytes.
            unsafe {
                std::ptr::copy_nonoverlapping(id.as_ptr().cast(), buffer, fits);
                *buffer.add(fits) = 0;
            }
        }
        id.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_escaped_and_the_message_is_as_it_is() {
        let text = "a\u{202e}\u{9b}\u{7f}\u{200b}";
        let error = atk_error::new(&Error::new(ErrorKind::Internal, text));
        let json = error.json.to_string_lossy();
        assert!(json.contains(r"a\u202e\u009b\u007f\u200b"), "{json}");
        assert_eq!(error.message.to_str(), Ok(text));
    }
}
