//! Values as YAML in block style.

use serde_json::Value;

use crate::agents::edit::layout::Layout;
use crate::json::json_text;
use crate::model::yaml::{Style, style};

/// A key and its value. The first line has no indentation: the caller has written it.
pub(super) fn pair(key: &str, value: &Value, layout: &Layout) -> String {
    let key = string(key);
    if is_inline(value) {
        return format!("{key}: {}", block(value, layout));
    }
    let inner = layout.deeper();
    format!("{key}:{}{}", inner.line(), block(value, &inner))
}

/// An item of a list.
pub(super) fn item(value: &Value, layout: &Layout) -> String {
    let inner = Layout {
        base: format!("{}  ", layout.base),
        ..layout.clone()
    };
    format!("- {}", block(value, &inner))
}

/// A value. The first line has no indentation.
pub(super) fn block(value: &Value, layout: &Layout) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|value| item(value, layout));
            items.collect::<Vec<_>>().join(&layout.line())
        }
        Value::Object(pairs) if !pairs.is_empty() => {
            let pairs = pairs.iter().map(|(key, value)| pair(key, value, layout));
            pairs.collect::<Vec<_>>().join(&layout.line())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}

fn is_inline(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(pairs) => pairs.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// A string that every version of YAML reads as one. YAML 1.2 has numbers that 1.1 does not have
/// (`1e3`), so what begins like a number is quoted.
fn string(text: &str) -> String {
    let begins_like_text = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    if begins_like_text && style(text) == Style::Plain {
        return text.to_owned();
    }
    json_text(&Value::from(text))
}
