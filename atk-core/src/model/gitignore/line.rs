//! A line of a `.gitignore`, and what it is to ATK.

use crate::model::name::PluginDir;

/// The patterns that keep secrets out.
pub(super) const SECRETS: [&str; 2] = ["*.env", ".env.*"];

/// The comment above them, as it is written today.
pub(super) const SECRET_HEADER: &str =
    "# Always ignore secrets — keep LAST (gitignore is last-match-wins)";

/// The comment above them in older homes.
const OLD_SECRET_HEADER: &str = "# Always ignore secrets";

/// What a line is to ATK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineRole {
    /// A re-include of ATK's: of `custom`, or of a local plugin.
    Ours,
    /// The line that ignores what plugins bring.
    Base,
    /// The comment above the secret patterns.
    Header,
    /// A re-include of the user's.
    Exception,
    /// Anything else.
    Other,
}

/// A line with its end, of which the last line of a file may have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PatternLine(Vec<u8>);

impl PatternLine {
    pub(super) fn new(text: &str, end: &str) -> Self {
        PatternLine([text, end].concat().into_bytes())
    }

    pub(super) fn of_file(bytes: &[u8]) -> Self {
        PatternLine(bytes.to_owned())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Gives the line an end, if it has none.
    pub(super) fn complete(&mut self, end: &str) {
        if !self.0.ends_with(b"\n") {
            self.0.extend_from_slice(end.as_bytes());
        }
    }

    pub(super) fn ends_with_crlf(&self) -> bool {
        self.0.ends_with(b"\r\n")
    }

    /// What the line says to git: without its end, blanks behind it and a byte order mark.
    fn content(&self) -> &[u8] {
        let content = self.0.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.0);
        content.trim_ascii_end()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.content()).into_owned()
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.content() == text.as_bytes()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.content().is_empty()
    }

    pub(super) fn role(&self) -> LineRole {
        if self.is("plugins/*/*") {
            return LineRole::Base;
        }
        if self.is(SECRET_HEADER) || self.is(OLD_SECRET_HEADER) {
            return LineRole::Header;
        }
        let Some(included) = self.content().strip_prefix(b"!") else {
            return LineRole::Other;
        };
        if is_ours(included) {
            LineRole::Ours
        } else {
            LineRole::Exception
        }
    }
}

fn is_ours(included: &[u8]) -> bool {
    let Some(inner) = included.strip_prefix(b"plugins/") else {
        return false;
    };
    let dir = inner.strip_suffix(b"/**").or(inner.strip_suffix(b"/"));
    dir.is_some_and(|dir| {
        dir == b"*/custom"
            || std::str::from_utf8(dir).is_ok_and(|name| PluginDir::new(name).is_ok())
    })
}
