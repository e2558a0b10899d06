//! Writes a value so that python-dotenv, docker compose and shells read the same.

use super::expand::has_reference;
use crate::error::{Error, ErrorKind, Result};

/// A value as it is written, and what deserves a warning about it.
pub(super) struct Quoted {
    pub(super) text: String,
    pub(super) warning: Option<String>,
    /// True if a shell would take the end of the value for commands: it must not read the line.
    pub(super) hidden: bool,
}

impl Quoted {
    /// True if the value is in quotes, so that a quote which is open before would turn it inside
    /// out. Without quotes it has no character that means anything to a shell.
    pub(super) fn has_quotes(&self) -> bool {
        self.text.starts_with(['\'', '"'])
    }
}

/// Stands between a last backslash and the closing quote, and means nothing. python-dotenv up to
/// 1.2.2 takes every quote behind a backslash for escaped, behind an escaped one too, and reads on
/// into the next line.
const NOTHING: &str = "${_ATK:-}";

/// Quotes a value.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for a NUL or a carriage return.
pub(super) fn quote(name: &str, value: &str) -> Result<Quoted> {
    if let Some(bad) = value.chars().find(|c| matches!(c, '\0' | '\r')) {
        let what = if bad == '\0' {
            "a NUL"
        } else {
            "a carriage return"
        };
        return Err(Error::new(
            ErrorKind::InvalidArgument,
            format!("the value of `{name}` has {what}, which no `.env` file can hold"),
        ));
    }
    if !value.is_empty() && value.bytes().all(is_bare) {
        return Ok(certain(value.to_owned()));
    }
    let reference = has_reference(value);
    if !value.contains('\'') && !value.contains("\\\\") && !value.ends_with('\\') {
        return Ok(Quoted {
            text: format!("'{value}'"),
            warning: reference.then(|| format!("{} in the value of `{name}`", EXPANDED)),
            hidden: false,
        });
    }
    if !value.contains(['$', '`']) {
        let end = if value.ends_with('\\') { NOTHING } else { "" };
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
        return Ok(certain(format!("\"{escaped}{end}\"")));
    }
    Ok(Quoted {
        text: format!("'{}'", escape_single(value)),
        warning: Some(warning(name, value, reference)),
        hidden: true,
    })
}

const EXPANDED: &str = "the Python tool will replace `${…}`";

fn warning(name: &str, value: &str, reference: bool) -> String {
    let mut text = format!(
        "`{name}` has a value that no shell can read from the `.env` file: for scripts that \
         source the file it stays unset, other variables are not affected"
    );
    let mut readers = Vec::new();
    if value.contains("\\\\") || value.contains("\\'") || value.ends_with('\\') {
        readers.push("docker compose");
    }
    if value.ends_with('\\') {
        readers.push("the Python tool");
    }
    if !readers.is_empty() {
        text.push_str(&format!(
            "; {} may read a different value",
            readers.join(" and ")
        ));
    }
    if reference {
        text.push_str(&format!("; {EXPANDED} in it"));
    }
    text
}

fn certain(text: String) -> Quoted {
    Quoted {
        text,
        warning: None,
        hidden: false,
    }
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte)
}

/// Escapes quotes, and backslashes only where one would otherwise escape what follows: compose
/// keeps both backslashes of a pair.
fn escape_single(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len() + 8);
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => escaped.push_str("\\'"),
            '\\' => {
                let mut run = 1;
                while chars.next_if_eq(&'\\').is_some() {
                    run += 1;
                }
                let alone = run == 1 && chars.peek().is_some_and(|next| *next != '\'');
                escaped.push_str(&"\\".repeat(if alone { 1 } else { 2 * run }));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
