//! The text of a file.

use super::Problem;

const BOM: &str = "\u{feff}";

/// The text of a file, without its byte order mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    has_bom: bool,
}

impl<'t> Source<'t> {
    /// # Errors
    /// The bytes are not UTF-8.
    pub(super) fn new(bytes: &'t [u8]) -> Result<Self, Problem> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let stripped = text.strip_prefix(BOM);
                Ok(Source {
                    text: stripped.unwrap_or(text),
                    has_bom: stripped.is_some(),
                })
            }
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let text = String::from_utf8_lossy(valid);
                let source = Source {
                    text: &text,
                    has_bom: false,
                };
                Err(source.problem(text.len(), "the file is not UTF-8"))
            }
        }
    }

    /// A changed text of the same file.
    pub(super) fn with<'c>(&self, text: &'c str) -> Source<'c> {
        Source {
            text,
            has_bom: self.has_bom,
        }
    }

    /// The bytes of a file with this text, and the byte order mark of this one.
    pub(super) fn bytes(&self, text: &str) -> Vec<u8> {
        let bom = if self.has_bom { BOM } else { "" };
        [bom.as_bytes(), text.as_bytes()].concat()
    }

    /// A problem at a byte of the text.
    pub(super) fn problem(&self, at: usize, message: impl Into<String>) -> Problem {
        let before = self.text.get(..at).unwrap_or(self.text);
        let (lines, last) = match before.rsplit_once('\n') {
            Some((lines, last)) => (lines.matches('\n').count() + 2, last),
            None => (1, before),
        };
        let line = u32::try_from(lines).unwrap_or(u32::MAX);
        let column = u32::try_from(last.chars().count() + 1).unwrap_or(u32::MAX);
        Problem::new("", (line, column), "", message)
    }

    /// The change would not leave the rest of the file as it is.
    pub(super) fn cannot_change(&self) -> Problem {
        self.problem(
            0,
            "the entry cannot be changed without changing the rest of the file; change it by hand",
        )
    }
}
