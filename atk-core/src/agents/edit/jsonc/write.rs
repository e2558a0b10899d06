//! Values as JSON, in the layout of the file.

use serde_json::Value;

use crate::agents::edit::layout::Layout;
use crate::json::json_text;

/// An item of an object (with a key) or of a list.
pub(in crate::agents::edit) fn written_item(
    key: Option<&str>,
    value: &Value,
    layout: Option<&Layout>,
) -> String {
    let value = written(value, layout);
    match key {
        Some(key) => format!("{}: {value}", json_text(&Value::from(key))),
        None => value,
    }
}

/// A value. Without a layout it is written on one line.
pub(in crate::agents::edit) fn written(value: &Value, layout: Option<&Layout>) -> String {
    let inner = layout.map(Layout::deeper);
    let (open, items, close) = match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| written(item, inner.as_ref()));
            ('[', items.collect::<Vec<_>>(), ']')
        }
        Value::Object(pairs) => {
            let item = |(key, value): (&String, _)| written_item(Some(key), value, inner.as_ref());
            ('{', pairs.iter().map(item).collect(), '}')
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return json_text(value);
        }
    };
    match (layout, inner) {
        (Some(layout), Some(inner)) if !items.is_empty() => {
            let (line, last) = (inner.line(), layout.line());
            let items = items.join(&format!(",{line}"));
            format!("{open}{line}{items}{last}{close}")
        }
        _ => format!("{open}{}{close}", items.join(", ")),
    }
}
