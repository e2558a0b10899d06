//! Documents as trees, so that a program in C reads them without a parser for JSON.

use std::ffi::{CStr, CString, c_char};

use serde_json::Value;

use crate::text::{c_pointer, c_string};

/// Nothing: a field that is null.
pub const ATK_VALUE_NULL: u32 = 1;
/// True or false.
pub const ATK_VALUE_BOOL: u32 = 2;
/// An integer.
pub const ATK_VALUE_INTEGER: u32 = 3;
/// A text.
pub const ATK_VALUE_TEXT: u32 = 4;
/// A list of values.
pub const ATK_VALUE_LIST: u32 = 5;
/// Values by name.
pub const ATK_VALUE_OBJECT: u32 = 6;

/// A value of a document: of an outcome, an error or an event. Its fields are those of the JSON
/// document. It is borrowed from what it was taken of, and lives as long as that.
///
/// Every function takes NULL for a value and then returns NULL, 0 or false, so that calls can be
/// nested: `atk_value_text(atk_value_get(atk_value_get(plugin, "source"), "pin"))`.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_value {
    kind: u32,
    integer: i64,
    text: Option<CString>,
    /// Of a list, without names.
    items: Vec<(Option<CString>, atk_value)>,
}

impl atk_value {
    pub(crate) fn new(value: &Value) -> Self {
        let leaf = |kind, integer| atk_value {
            kind,
            integer,
            text: None,
            items: Vec::new(),
        };
        match value {
            Value::Null => leaf(ATK_VALUE_NULL, 0),
            Value::Bool(value) => leaf(ATK_VALUE_BOOL, i64::from(*value)),
            Value::Number(number) => {
                let large = number.as_u64().map(|_| i64::MAX);
                let integer = number.as_i64().or(large);
                leaf(ATK_VALUE_INTEGER, integer.unwrap_or(0))
            }
            Value::String(text) => atk_value {
                text: Some(c_string(text)),
                ..leaf(ATK_VALUE_TEXT, 0)
            },
            Value::Array(items) => atk_value {
                items: items.iter().map(|item| (None, Self::new(item))).collect(),
                ..leaf(ATK_VALUE_LIST, 0)
            },
            Value::Object(fields) => {
                let fields = fields.iter();
                let items = fields.map(|(name, value)| (Some(c_string(name)), Self::new(value)));
                atk_value {
                    items: items.collect(),
                    ..leaf(ATK_VALUE_OBJECT, 0)
                }
            }
        }
    }
}

unsafe fn item<'a>(value: *const atk_value, at: usize) -> Option<&'a (Option<CString>, atk_value)> {
    // SAFETY: NULL or a live object, by the contract.
    unsafe { value.as_ref() }?.items.get(at)
}

/// The type of a value: `ATK_VALUE_TEXT` and so on. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_type(value: *const atk_value) -> u32 {
    // SAFETY: as above.
    unsafe { value.as_ref() }.map_or(0, |value| value.kind)
}

/// A field of an object, by its name; NULL without one, and for anything but an object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_get(
    value: *const atk_value,
    name: *const c_char,
) -> *const atk_value {
    if name.is_null() {
        return std::ptr::null();
    }
    // SAFETY: it is not NULL, and by the contract it ends with a NUL.
    let name = unsafe { CStr::from_ptr(name) };
    // SAFETY: as above.
    let items = unsafe { value.as_ref() }.map_or(&[][..], |value| &value.items);
    let found = items.iter().find(|(key, _)| key.as_deref() == Some(name));
    found.map_or(std::ptr::null(), |(_, value)| std::ptr::from_ref(value))
}

/// How many items a list, or fields an object, has. 0 for other values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_count(value: *const atk_value) -> usize {
    // SAFETY: as above.
    unsafe { value.as_ref() }.map_or(0, |value| value.items.len())
}

/// An item of a list, or a field of an object, by its place from 0; NULL past the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_at(value: *const atk_value, index: usize) -> *const atk_value {
    // SAFETY: as above.
    let item = unsafe { item(value, index) };
    item.map_or(std::ptr::null(), |(_, value)| std::ptr::from_ref(value))
}

/// The name of a field of an object, by its place from 0; NULL past the last one, and for a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_name(value: *const atk_value, index: usize) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { item(value, index) }.and_then(|(name, _)| name.as_ref()))
}

/// The text of a value; NULL if it is not a text. UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_text(value: *const atk_value) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { value.as_ref() }.and_then(|value| value.text.as_ref()))
}

/// The number of a value; 0 if it is not an integer. What is larger than an `int64_t` is the
/// largest one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_integer(value: *const atk_value) -> i64 {
    // SAFETY: as above.
    let integer = unsafe { value.as_ref() }.filter(|value| value.kind == ATK_VALUE_INTEGER);
    integer.map_or(0, |value| value.integer)
}

/// True if the value is true; false for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_value_bool(value: *const atk_value) -> bool {
    // SAFETY: as above.
    unsafe { value.as_ref() }
        .is_some_and(|value| value.kind == ATK_VALUE_BOOL && value.integer == 1)
}
