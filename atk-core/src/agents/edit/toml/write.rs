//! Values as TOML that every version of TOML reads.

use serde_json::{Map, Value};

/// Why a value cannot be written.
const NULL: &str = "TOML cannot express null";

/// A table of its own, with the tables in it behind it. Lines end in `\n`, the last has no end.
pub(super) fn table(path: &[&str], pairs: &Map<String, Value>) -> Result<String, &'static str> {
    let mut lines = vec![format!("[{}]", key(path))];
    let is_table = |value: &Value| value.as_object().is_some_and(|pairs| !pairs.is_empty());
    for (name, value) in pairs.iter().filter(|(_, value)| !is_table(value)) {
        lines.push(pair(&[name], value)?);
    }
    for (name, value) in pairs {
        if let Value::Object(inner) = value
            && is_table(value)
        {
            lines.push(String::new());
            lines.push(table(&[path, &[name.as_str()]].concat(), inner)?);
        }
    }
    Ok(lines.join("\n"))
}

/// A key and its value, on one line.
pub(super) fn pair(path: &[&str], value: &Value) -> Result<String, &'static str> {
    Ok(format!("{} = {}", key(path), inline(value)?))
}

/// A value on one line.
pub(super) fn inline(value: &Value) -> Result<String, &'static str> {
    Ok(match value {
        Value::Null => return Err(NULL),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => string(text),
        Value::Array(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(inline).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(pairs) if pairs.is_empty() => "{}".to_owned(),
        Value::Object(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| pair(&[name], value));
            let pairs: Result<Vec<_>, _> = pairs.collect();
            format!("{{ {} }}", pairs?.join(", "))
        }
    })
}

fn key(path: &[&str]) -> String {
    let part = |key: &&str| {
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !key.is_empty() && key.chars().all(is_bare) {
            (*key).to_owned()
        } else {
            string(key)
        }
    };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}

/// A basic string. Its escapes are those of JSON, which may leave one control character as it is.
fn string(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}
