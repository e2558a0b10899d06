//! Requests for languages whose standard library reads no JSON: a word and its values a line, with
//! tabs between them and an empty line at the end.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::scenario::Call;

pub(super) fn request(call: &Call) -> String {
    let mut text = String::new();
    line(&mut text, &["home", &call.home]);
    fields(&mut text, "option", &call.options);
    line(&mut text, &["call", &call.call]);
    fields(&mut text, "with", &call.given);
    if let Some(replies) = &call.replies {
        line(&mut text, &["replies"]);
        for (id, reply) in replies {
            match reply {
                Value::Bool(yes) => line(&mut text, &["reply", id, "yes", &yes.to_string()]),
                Value::String(value) => line(&mut text, &["reply", id, "text", value]),
                _ => line(&mut text, &["reply", id, "default", ""]),
            }
        }
    }
    if let Some(event) = &call.cancel_at {
        line(&mut text, &["cancel_at", event]);
    }
    text + "\n"
}

/// `option name value`; of a list and of a map a line for each of its values, and `name` alone
/// before them. Of a map of lists, each value of a list has a line with its key.
fn fields(text: &mut String, word: &str, fields: &Map<String, Value>) {
    for (name, value) in fields {
        match value {
            Value::Array(values) => {
                line(text, &[word, name]);
                for value in values {
                    line(text, &[word, name, &shown(value)]);
                }
            }
            Value::Object(pairs) => {
                line(text, &[word, name]);
                for (key, value) in pairs {
                    match value {
                        Value::Null => line(text, &[word, name, key]),
                        Value::Array(values) => values
                            .iter()
                            .for_each(|value| line(text, &[word, name, key, &shown(value)])),
                        _ => line(text, &[word, name, key, &shown(value)]),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                line(text, &[word, name, &shown(value)]);
            }
        }
    }
}

fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn line(text: &mut String, words: &[&str]) {
    let escape = |word: &&str| {
        word.replace('\\', "\\\\")
            .replace('\t', "\\t")
            .replace('\n', "\\n")
    };
    let words: Vec<_> = words.iter().map(escape).collect();
    let _ = writeln!(text, "{}", words.join("\t"));
}
