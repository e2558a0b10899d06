//! Events, as C sees them.

use std::ffi::{CString, c_char};

use atk_core::{Event, Stream, json_text};
use serde_json::Value;

use crate::text::{c_pointer, c_string};

/// Something that happened during an operation. It lives for the time of the callback alone.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_event {
    kind: CString,
    operation: Option<CString>,
    plugin: Option<CString>,
    text: Option<CString>,
    stream: u32,
    chunk: Vec<u8>,
    bytes: u64,
    objects: u64,
    json: CString,
}

impl atk_event {
    pub(crate) fn new(event: Event) -> Self {
        let document = serde_json::to_value(&event).unwrap_or_default();
        let text = |field: &str| document.get(field).and_then(Value::as_str).map(c_string);
        let number = |field: &str| document.get(field).and_then(Value::as_u64);
        // A command's output is its bytes; the JSON has them as text.
        let (stream, chunk) = match event {
            Event::Output { stream, chunk, .. } => match stream {
                Stream::Stdout => (1, chunk),
                Stream::Stderr => (2, chunk),
            },
            _ => (0, Vec::new()),
        };
        atk_event {
            kind: text("event").unwrap_or_default(),
            operation: ["operation", "command"].into_iter().find_map(text),
            plugin: text("plugin"),
            text: ["text", "description", "source", "subject"]
                .into_iter()
                .find_map(text),
            stream,
            chunk,
            bytes: number("bytes").unwrap_or(0),
            objects: number("objects").unwrap_or(0),
            json: c_string(&json_text(&document)),
        }
    }
}

/// What happened: `operation_started`, `resolved`, `step`, `progress`, `output`, `message`,
/// `operation_finished`, or what later versions add. Borrowed from the event; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_kind(event: *const atk_event) -> *const c_char {
    // SAFETY: NULL or a live object, by the contract.
    c_pointer(unsafe { event.as_ref() }.map(|event| &event.kind))
}

/// Of `operation_started` and `operation_finished` the operation (`add`), of `output` the lifecycle
/// command (`install`). NULL for other events. Borrowed from the event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_operation(event: *const atk_event) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { event.as_ref() }.and_then(|event| event.operation.as_ref()))
}

/// The directory of the plugin that it is about; NULL if there is none. Borrowed from the event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_plugin(event: *const atk_event) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { event.as_ref() }.and_then(|event| event.plugin.as_ref()))
}

/// Its text: of `message`, `step` and `resolved` the words, of `progress` the source, of
/// `operation_started` what it is about, of `output` the chunk with what is no UTF-8 replaced.
/// NULL if there is none. Borrowed from the event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_text(event: *const atk_event) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { event.as_ref() }.and_then(|event| event.text.as_ref()))
}

/// Of `output` the stream: 1 for standard output, 2 for standard error. 0 for other events.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_stream(event: *const atk_event) -> u32 {
    // SAFETY: as above.
    unsafe { event.as_ref() }.map_or(0, |event| event.stream)
}

/// Of `output` the bytes that the command wrote, and how many: neither lines nor UTF-8. NULL for
/// other events. Borrowed from the event; `size` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_chunk(event: *const atk_event, size: *mut usize) -> *const u8 {
    // SAFETY: as above.
    let chunk = unsafe { event.as_ref() }
        .filter(|event| event.stream != 0)
        .map(|event| &event.chunk);
    // SAFETY: NULL or writable, by the contract.
    if let Some(size) = unsafe { size.as_mut() } {
        *size = chunk.map_or(0, Vec::len);
    }
    chunk.map_or(std::ptr::null(), |chunk| chunk.as_ptr())
}

/// Of `progress` the bytes received; 0 for other events.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_bytes(event: *const atk_event) -> u64 {
    // SAFETY: as above.
    unsafe { event.as_ref() }.map_or(0, |event| event.bytes)
}

/// Of `progress` the objects received; 0 for other events.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_objects(event: *const atk_event) -> u64 {
    // SAFETY: as above.
    unsafe { event.as_ref() }.map_or(0, |event| event.objects)
}

/// Everything that is known of the event as JSON. Borrowed from the event; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_json(event: *const atk_event) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { event.as_ref() }.map(|event| &event.json))
}
