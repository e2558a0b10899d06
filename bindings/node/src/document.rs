//! Documents as JavaScript reads them: JSON whose names are in camelCase.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// The key of an object whose own keys are names of variables, and stay as they are.
const VARIABLES: &[u8] = b"env";

/// The text of a document. Its names are in camelCase; values are as they are.
pub(crate) fn text(document: &impl Serialize) -> String {
    let mut text = Vec::with_capacity(1024);
    let written = document.serialize(&mut Serializer::with_formatter(&mut text, Camel::default()));
    // Documents of the library have nothing that JSON has no form for, and their texts are UTF-8.
    written.map_or_else(
        |_| String::new(),
        |()| String::from_utf8(text).unwrap_or_default(),
    )
}

/// Writes JSON without blanks.
#[derive(Default)]
struct Camel {
    is_key: bool,
    /// The last key was [`VARIABLES`].
    is_variables: bool,
    /// How many objects are open within one of variables, with that one.
    kept: usize,
}

impl Formatter for Camel {
    /// What an array of that key has are objects of the library.
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.is_variables = false;
        writer.write_all(b"[")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.kept > 0 || self.is_variables {
            self.kept += 1;
            self.is_variables = false;
        }
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.kept = self.kept.saturating_sub(1);
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.is_key = self.kept == 0;
        self.is_variables = false;
        writer.write_all(if first { b"" } else { b"," })
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_key = false;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        part: &str,
    ) -> io::Result<()> {
        if !self.is_key {
            return writer.write_all(part.as_bytes());
        }
        self.is_variables = part.as_bytes() == VARIABLES;
        let mut rest = part.as_bytes();
        while let Some(at) = rest.windows(2).position(is_joint) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before)?;
            writer.write_all(&after[1..2].to_ascii_uppercase())?;
            rest = &after[2..];
        }
        writer.write_all(rest)
    }
}

/// True for `_` and what begins a word.
fn is_joint(pair: &[u8]) -> bool {
    matches!(pair, [b'_', b'a'..=b'z' | b'0'..=b'9'])
}
