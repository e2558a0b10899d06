//! Outcomes, as C sees them.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use atk_core::{Error, ErrorKind, Result, json_text};
use serde::Serialize;
use serde_json::Value;

use crate::error::atk_error;
use crate::panics::quietly;
use crate::pointer::free;
use crate::text::{c_pointer, c_string};
use crate::value::atk_value;

/// The operation was done for the plugin.
pub const ATK_ITEM_DONE: u32 = 1;
/// There was nothing to do for it.
pub const ATK_ITEM_SKIPPED: u32 = 2;
/// The operation failed for it, and it is as it was before.
pub const ATK_ITEM_FAILED: u32 = 3;

/// The outcome of an operation: a JSON document, and accessors for what a program branches on.
/// Free with `atk_result_free()`.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_result {
    json: CString,
    exit_code: i32,
    items: Vec<Item>,
    document: Value,
    value: OnceLock<atk_value>,
}

/// Where an outcome has what there are accessors for, as JSON pointers. Of a report: where the
/// outcome of a line has it.
pub(crate) struct Places {
    pub(crate) directory: Option<&'static str>,
    pub(crate) name: Option<&'static str>,
    pub(crate) pin: Option<&'static str>,
    pub(crate) path: Option<&'static str>,
}

/// What a line of a report has beside the outcome.
const LINE: Places = Places {
    directory: Some("/directory"),
    name: Some("/name"),
    pin: None,
    path: None,
};

/// One plugin, or other thing, that an outcome is about.
struct Item {
    state: u32,
    directory: Option<CString>,
    name: Option<CString>,
    pin: Option<CString>,
    path: Option<CString>,
    error: Option<atk_error>,
}

impl atk_result {
    /// Takes an outcome of the core.
    pub(crate) fn new<T: Serialize>(outcome: &T, places: &Places) -> Result<Self> {
        let document = serde_json::to_value(outcome).map_err(|cause| {
            Error::new(ErrorKind::Internal, "the outcome is not valid JSON").with_cause(cause)
        })?;
        let items: Vec<Item> = match (&document, document.get("plugins")) {
            (_, Some(Value::Array(lines))) => lines
                .iter()
                .map(|line| Item::of_line(line, places))
                .collect(),
            (Value::Array(items), _) => items.iter().map(|item| Item::of(item, places)).collect(),
            (document, _) => vec![Item::of(document, places)],
        };
        let failed = items.iter().any(|item| item.state == ATK_ITEM_FAILED);
        let ended = document.get("exit_code").and_then(Value::as_i64);
        let ended = ended.and_then(|code| i32::try_from(code).ok());
        Ok(atk_result {
            json: c_string(&json_text(&document)),
            exit_code: ended.unwrap_or(i32::from(failed)),
            items,
            document,
            value: OnceLock::new(),
        })
    }
}

impl Item {
    /// A line of a report: its outcome is below `outcome`.
    fn of_line(line: &Value, places: &Places) -> Item {
        let outcome = Item::of(line.get("outcome").unwrap_or(&Value::Null), places);
        let own = Item::of(line, &LINE);
        let result = line.get("result").and_then(Value::as_str);
        Item {
            state: match result {
                Some("skipped") => ATK_ITEM_SKIPPED,
                Some("failed") => ATK_ITEM_FAILED,
                _ => ATK_ITEM_DONE,
            },
            pin: outcome.pin,
            path: outcome.path,
            error: line.get("error").map(atk_error::of_document),
            ..own
        }
    }

    fn of(document: &Value, places: &Places) -> Item {
        let text = |place: Option<&str>| document.pointer(place?)?.as_str().map(c_string);
        Item {
            state: ATK_ITEM_DONE,
            directory: text(places.directory),
            name: text(places.name),
            pin: text(places.pin),
            path: text(places.path),
            error: None,
        }
    }
}

unsafe fn item<'a>(result: *const atk_result, index: usize) -> Option<&'a Item> {
    // SAFETY: NULL or a live object, by the contract.
    unsafe { result.as_ref() }?.items.get(index)
}

/// The whole outcome as JSON: a document of the type that the reference names for the operation; of
/// `list` and `search` an array. Borrowed from the result; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_json(result: *const atk_result) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { result.as_ref() }.map(|result| &result.json))
}

/// The whole outcome as a tree: the same document. Borrowed from the result; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_value(result: *const atk_result) -> *const atk_value {
    quietly(std::ptr::null(), || {
        // SAFETY: as above.
        let result = unsafe { result.as_ref() };
        result.map_or(std::ptr::null(), |result| {
            result
                .value
                .get_or_init(|| atk_value::new(&result.document))
        })
    })
}

/// How many plugins the outcome is about: of a report or a list its lines, else 1. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_count(result: *const atk_result) -> usize {
    // SAFETY: as above.
    unsafe { result.as_ref() }.map_or(0, |result| result.items.len())
}

/// The status that a command line would exit with: of `run` and `git` that of the program, else 1
/// where something in a report failed, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_exit_code(result: *const atk_result) -> i32 {
    // SAFETY: as above.
    unsafe { result.as_ref() }.map_or(0, |result| result.exit_code)
}

/// What became of a plugin: `ATK_ITEM_DONE` and so on. 0 past the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_state(result: *const atk_result, index: usize) -> u32 {
    // SAFETY: as above.
    unsafe { item(result, index) }.map_or(0, |item| item.state)
}

/// A plugin's directory under `plugins/`; NULL without one. Borrowed from the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_directory(
    result: *const atk_result,
    index: usize,
) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { item(result, index) }.and_then(|item| item.directory.as_ref()))
}

/// A plugin's display name; NULL without one. Borrowed from the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_name(result: *const atk_result, index: usize) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { item(result, index) }.and_then(|item| item.name.as_ref()))
}

/// The commit that a plugin's files are from; NULL without one. Borrowed from the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_pin(result: *const atk_result, index: usize) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { item(result, index) }.and_then(|item| item.pin.as_ref()))
}

/// The path that the outcome names; NULL where it names none. Borrowed from the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_path(result: *const atk_result, index: usize) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { item(result, index) }.and_then(|item| item.path.as_ref()))
}

/// Why the operation failed for a plugin; NULL if it did not. Borrowed from the result: it is
/// not freed by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_error(
    result: *const atk_result,
    index: usize,
) -> *const atk_error {
    // SAFETY: as above.
    let error = unsafe { item(result, index) }.and_then(|item| item.error.as_ref());
    error.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Frees a result. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_result_free(result: *mut atk_result) {
    // SAFETY: owned by the caller, by the contract.
    unsafe { free(result) };
}
