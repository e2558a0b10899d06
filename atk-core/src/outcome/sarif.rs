//! A validation as SARIF 2.1.0, which code hosts show beside the lines.

use serde_json::{Value, json};

use super::{Diagnostic, Validation};
use crate::rule::Rule;

impl Validation {
    /// Returns the findings as a document in SARIF 2.1.0, with all rules.
    #[must_use]
    pub fn to_sarif(&self) -> Value {
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {
                    "driver": {
                        "name": "atk",
                        "version": env!("CARGO_PKG_VERSION"),
                        "informationUri": env!("CARGO_PKG_REPOSITORY"),
                        "rules": Rule::ALL.iter().map(rule).collect::<Vec<_>>(),
                    },
                },
                "columnKind": "unicodeCodePoints",
                "results": self.diagnostics.iter().map(result).collect::<Vec<_>>(),
            }],
        })
    }
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.description() },
        "help": { "text": sentence(rule.fix()) },
        "defaultConfiguration": { "level": rule.severity().as_str() },
    })
}

fn result(found: &Diagnostic) -> Value {
    let index = Rule::ALL.iter().position(|rule| *rule == found.rule);
    let field = match found.field.as_str() {
        "" => String::new(),
        field => format!("{field}: "),
    };
    json!({
        "ruleId": found.rule.id(),
        "ruleIndex": index,
        "level": found.severity.as_str(),
        "message": { "text": format!("{field}{}. {}", found.message, sentence(&found.fix)) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&found.file) },
                "region": { "startLine": found.line, "startColumn": found.column },
            },
        }],
    })
}

/// A text with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first: String = characters
        .next()
        .iter()
        .flat_map(|c| c.to_uppercase())
        .collect();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", characters.as_str())
}

/// A path as a reference of a URI: relative, or with the scheme `file` if it is absolute.
fn uri(path: &str) -> String {
    let mut text = match path.starts_with('/') {
        true => "file://".to_owned(),
        false => String::new(),
    };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
