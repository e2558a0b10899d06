//! The `.env` file: the user's answers, edited so that every byte that is not the answer stays.
//!
//! Three kinds of programs read this file: the Python tool (python-dotenv), docker compose, and
//! scripts that source it in a shell. [`EnvFile::set`] quotes so that all of them read the same,
//! and says so where one of them cannot.
//!
//! Values are read as python-dotenv reads them, `${NAME}` and `${NAME:-default}` included (`$NAME`
//! is plain text), with two differences: single quotes keep `${` as it stands, as shells and
//! compose do, because a password that holds it could not be stored otherwise; and a byte order
//! mark belongs to no name.

mod expand;
mod quote;
mod read;

use std::fmt;

use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;
use read::{Binding, bindings};

/// A `.env` file, kept as it is written.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct EnvFile {
    text: String,
}

impl EnvFile {
    /// Takes the bytes of the file. Lines that mean nothing are kept and skipped.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`] where it is not UTF-8. The message shows nothing of it.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(EnvFile {
                text: text.to_owned(),
            }),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
                Err(Error::new(
                    ErrorKind::HomeInvalid,
                    format!("the `.env` file is not UTF-8 in line {line}"),
                ))
            }
        }
    }

    /// The file's text.
    pub(crate) fn to_text(&self) -> &str {
        &self.text
    }

    /// The value of a variable. Where it is assigned more than once, the last assignment counts.
    /// `${NAME}` refers to earlier lines only; see [`EnvFile::values_over`].
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.iter().find(|(n, _)| n == name).map(|(_, value)| value)
    }

    /// The variables that have a value, in the order of their first lines.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (String, String)> {
        self.values_over(&|_| None).into_iter()
    }

    /// The same, where `${NAME}` that no earlier line defines is looked up in an environment.
    pub(crate) fn values_over(
        &self,
        outside: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<(String, String)> {
        expand::resolve(bindings(&self.text), outside)
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name, value)))
            .collect()
    }

    /// Sets a variable, and returns a warning where a program that reads the file will take the
    /// value for another.
    ///
    /// The last line that assigns the variable gets the value; blanks around its `=` go, since a
    /// shell would run what follows them. A new variable comes last, under `comment` (one line).
    /// A value that is there by way of `${…}` and is the same already stays as it is written.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a name that is none, and for values with a NUL or a
    /// carriage return, which no reader gives back; [`ErrorKind::HomeInvalid`] where an open
    /// quote elsewhere in the file would swallow the line. No message shows a value.
    pub(crate) fn set(
        &mut self,
        name: &str,
        value: &str,
        comment: Option<&str>,
    ) -> Result<Option<String>> {
        if !is_name(name) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("`{}` is not the name of a variable", escape(name)),
            ));
        }
        let quoted = quote::quote(name, value)?;
        let old = bindings(&self.text);
        let last = old.iter().rfind(|binding| binding.name == name);
        if last.is_some_and(Binding::refers) && self.get(name).as_deref() == Some(value) {
            return Ok(None);
        }
        let assignment = format!("{name}={}", quoted.text);
        let edited = match last {
            Some(binding) => self.replaced(binding, &quoted.text),
            None => self.appended(&assignment, comment),
        };
        // An open quote in an earlier line reaches for the quotes of ours. At the top of the file
        // no line comes earlier.
        for text in [edited, self.put_first(name, &assignment)] {
            let edited = EnvFile { text };
            if edited.get(name).as_deref() == Some(value) && edited.agrees_but_for(name, &old) {
                *self = edited;
                return Ok(quoted.warning);
            }
        }
        Err(Error::new(
            ErrorKind::HomeInvalid,
            format!("`{name}` cannot be set: another line of the `.env` file has an open quote"),
        ))
    }

    fn replaced(&self, binding: &Binding, quoted: &str) -> String {
        let (before, rest) = self.text.split_at(binding.name_end);
        let after = rest
            .get(binding.end() - binding.name_end..)
            .unwrap_or_default();
        format!("{before}={quoted}{after}")
    }

    fn appended(&self, assignment: &str, comment: Option<&str>) -> String {
        let end = self.line_end();
        let mut text = self.text.clone();
        if !text.is_empty() && !text.ends_with(['\n', '\r', '\u{feff}']) {
            text.push_str(end);
        }
        if let Some(comment) = comment.map(one_line).filter(|line| !line.is_empty()) {
            text.push_str(&format!("# {comment}{end}"));
        }
        text.push_str(assignment);
        text.push_str(end);
        text
    }

    fn put_first(&self, name: &str, assignment: &str) -> String {
        let mut text = self.text.clone();
        for binding in bindings(&self.text).iter().rev() {
            if binding.name == name {
                text.replace_range(binding.line.clone(), "");
            }
        }
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        text.insert_str(start, &format!("{assignment}{}", self.line_end()));
        text
    }

    fn agrees_but_for(&self, name: &str, old: &[Binding]) -> bool {
        let new = bindings(&self.text);
        let others = |all: &[Binding]| -> Vec<_> {
            all.iter()
                .filter(|binding| binding.name != name)
                .map(|binding| (binding.name.clone(), binding.meaning()))
                .collect()
        };
        others(&new) == others(old)
    }

    /// How the file ends its lines.
    fn line_end(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            Some(_) | None => "\n",
        }
    }
}

impl fmt::Debug for EnvFile {
    /// Shows no text: in a broken file any part of it may belong to a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvFile")
            .field("lines", &self.text.lines().count())
            .finish()
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    text.split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
