//! JSON as it is printed and handed out.

use std::fmt::Write as _;

use serde_json::Value;

use crate::text::{is_default_ignorable, is_unsafe};

/// The text of a document, in one line. Every character that would drive a terminal, change the
/// order of what is read, or not be seen stands as `\uXXXX`: JSON itself asks that for the first 32
/// alone.
#[must_use]
pub fn json_text(document: &Value) -> String {
    escaped(&document.to_string())
}

/// The same in indented lines, for people to read.
#[must_use]
pub fn json_lines(document: &Value) -> String {
    escaped(&format!("{document:#}"))
}

/// Outside its strings JSON has only ASCII that is seen, and line ends. What is below a space
/// within them is escaped already.
fn escaped(json: &str) -> String {
    let is_escaped = |c: char| c >= '\u{7F}' && (is_unsafe(c) || is_default_ignorable(c));
    if !json.contains(is_escaped) {
        return json.to_owned();
    }
    let mut text = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_unseen_or_drives_a_terminal_is_escaped_in_keys_and_values() {
        let document = json!({"k\u{202e}": "\u{1b}\u{7f}\u{9b}31m\u{200b}\u{feff}\u{2028}\n\"\\"});
        let text = json_text(&document);
        assert_eq!(
            text,
            r#"{"k\u202e":"\u001b\u007f\u009b31m\u200b\ufeff\u2028\n\"\\"}"#
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
        let lines = json_lines(&document);
        assert!(lines.starts_with("{\n  \"k\\u202e\": \""), "{lines}");
        assert_eq!(serde_json::from_str::<Value>(&lines).unwrap(), document);
    }

    #[test]
    fn a_character_above_ffff_is_a_pair_and_what_is_seen_stays() {
        let document = json!(["\u{e0041}", "é\u{2764}\u{fe0f}\u{1f600}"]);
        let text = json_text(&document);
        assert_eq!(text, "[\"\\udb40\\udc41\",\"é\u{2764}\\ufe0f\u{1f600}\"]");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
    }

    #[test]
    fn every_character_is_read_back_as_it_was() {
        let all: String = ('\0'..=char::MAX).collect();
        let document = Value::from(all);
        let text = json_text(&document);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
        assert!(
            !text
                .chars()
                .any(|c| is_unsafe(c) || is_default_ignorable(c))
        );
    }
}
