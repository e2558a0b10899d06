//! Events, as C sees them.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use atk_core::{Event, Stream, json_text};
use serde_json::Value;

use crate::panics::quietly;
use crate::text::{c_pointer, c_string};
use crate::value::atk_value;

/// An operation began.
pub const ATK_EVENT_OPERATION_STARTED: u32 = 1;
/// The source was resolved.
pub const ATK_EVENT_RESOLVED: u32 = 2;
/// An operation on one or more plugins comes to the next one.
pub const ATK_EVENT_PLUGIN_STARTED: u32 = 3;
/// The operation is done with a plugin.
pub const ATK_EVENT_PLUGIN_FINISHED: u32 = 4;
/// A step began.
pub const ATK_EVENT_STEP: u32 = 5;
/// Progress of a transfer or of a long commit.
pub const ATK_EVENT_PROGRESS: u32 = 6;
/// A command wrote something.
pub const ATK_EVENT_OUTPUT: u32 = 7;
/// A message for a person.
pub const ATK_EVENT_MESSAGE: u32 = 8;
/// A home is being watched.
pub const ATK_EVENT_WATCHING: u32 = 9;
/// A watched home has changed.
pub const ATK_EVENT_CHANGED: u32 = 10;
/// The operation ended.
pub const ATK_EVENT_OPERATION_FINISHED: u32 = 11;

/// The number of each kind of event. Numbers are never changed and never used again.
const NUMBERS: &[(&str, u32)] = &[
    ("operation_started", ATK_EVENT_OPERATION_STARTED),
    ("resolved", ATK_EVENT_RESOLVED),
    ("plugin_started", ATK_EVENT_PLUGIN_STARTED),
    ("plugin_finished", ATK_EVENT_PLUGIN_FINISHED),
    ("step", ATK_EVENT_STEP),
    ("progress", ATK_EVENT_PROGRESS),
    ("output", ATK_EVENT_OUTPUT),
    ("message", ATK_EVENT_MESSAGE),
    ("watching", ATK_EVENT_WATCHING),
    ("changed", ATK_EVENT_CHANGED),
    ("operation_finished", ATK_EVENT_OPERATION_FINISHED),
];

fn number_of(kind: &str) -> u32 {
    let found = NUMBERS.iter().find(|(name, _)| *name == kind);
    found.map_or(0, |(_, number)| *number)
}

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
    number: u32,
    document: Value,
    value: OnceLock<atk_value>,
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
            number: number_of(
                document
                    .get("event")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            ),
            document,
            value: OnceLock::new(),
        }
    }
}

/// What happened, as a number: `ATK_EVENT_STEP` and so on. 0 for what this version of the header
/// has no number for, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_number(event: *const atk_event) -> u32 {
    // SAFETY: NULL or a live object, by the contract.
    unsafe { event.as_ref() }.map_or(0, |event| event.number)
}

/// The whole event as a tree: the document of `atk_event_json()`. Borrowed from the event; NULL for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_value(event: *const atk_event) -> *const atk_value {
    quietly(std::ptr::null(), || {
        // SAFETY: as above.
        let event = unsafe { event.as_ref() };
        event.map_or(std::ptr::null(), |event| {
            event.value.get_or_init(|| atk_value::new(&event.document))
        })
    })
}

/// What happened, as a word: `plugin_started`, `step` and the others of the numbers above, or what
/// later versions add. Borrowed from the event; NULL for NULL.
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

/// The directory of the plugin that it is about; NULL without one. Borrowed from the event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_event_plugin(event: *const atk_event) -> *const c_char {
    // SAFETY: as above.
    c_pointer(unsafe { event.as_ref() }.and_then(|event| event.plugin.as_ref()))
}

/// Its text: of `message`, `step` and `resolved` the words, of `progress` the source, of
/// `operation_started` what it is about, of `output` the chunk with what is no UTF-8 replaced.
/// NULL without one. Borrowed from the event.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_event_has_a_number_of_its_own() {
        let api: Value =
            serde_json::from_str(include_str!("../../tests/conformance/api.json")).unwrap();
        let kinds = api["$defs"]["Event"]["oneOf"].as_array().unwrap();
        for kind in kinds {
            let name = kind["properties"]["event"]["const"].as_str().unwrap();
            assert_ne!(number_of(name), 0, "{name}");
        }
        assert_eq!(kinds.len(), NUMBERS.len());
        let mut numbers: Vec<u32> = NUMBERS.iter().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), NUMBERS.len());
    }
}
