//! Reading a document: limits, encoding, and what may stand in a file at all.

use std::rc::Rc;

use super::compose::Composer;
use super::node::{Mark, Node};
use super::suspect;
use crate::error::Problem;
use crate::model::conflict::Conflict;
use crate::model::lfs;

/// How deep collections may nest in any file, aliases counted at their full depth.
pub(crate) const MAX_DEPTH: usize = 64;

/// How much a document may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Bytes of the file.
    pub(crate) bytes: usize,
    /// Nodes, every alias counted as a copy of its target.
    pub(crate) nodes: usize,
}

impl Budget {
    /// For a plugin definition or an overlay.
    pub(crate) const DEFINITION: Budget = Budget {
        bytes: 1 << 20,
        nodes: 200_000,
    };
    /// For a manifest.
    pub(crate) const MANIFEST: Budget = Budget {
        bytes: 16 << 20,
        nodes: 2_000_000,
    };
}

/// Reads the one document of a text; `None` if the file is empty (an empty file, comments only).
/// `file` is what problems call the file.
///
/// Types are PyYAML's (YAML 1.1), merge keys are applied. Where PyYAML guesses or lets the last
/// one win, this refuses: duplicate keys, unknown tags, a second document, and the characters
/// that some readers take for line ends.
///
/// Laxer than PyYAML in what has only one sensible meaning: a tab before a value, a `: value` without a
/// key (it is null), an anchor that is there twice (an alias means the last one before it), an
/// anchor with odd characters, `...` alone.
///
/// # Errors
/// The first problem, with its place.
pub(crate) fn read(text: &str, file: &str, budget: Budget) -> Result<Option<Node>, Problem> {
    let start = Mark {
        file: Rc::from(file),
        line: 1,
        column: 1,
    };
    if text.len() > budget.bytes {
        return Err(start.problem(format!(
            "the file has {} bytes, at most {} are allowed",
            text.len(),
            budget.bytes
        )));
    }
    if let Some(line) = Conflict::first_line(text) {
        return Err(unresolved(line, start));
    }
    if lfs::is_pointer(text.as_bytes()) {
        return Err(start.problem(lfs::UNUSABLE));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    check_characters(text, &start)?;
    let document = Composer::new(text, start.file, budget).document();
    document.map_err(|mut problem| {
        suspect::explain(&mut problem, text);
        problem
    })
}

/// The problem of a file whose merge is not resolved. Without it the parser would complain about
/// a line that looks right.
fn unresolved(line: u32, start: Mark) -> Problem {
    let mark = Mark { line, ..start };
    mark.problem(
        "a git merge left conflict markers; keep the lines that are right, and delete those that \
         start with `<<<<<<<`, `=======` and `>>>>>>>`",
    )
}

/// The same for the bytes of a file, which must be UTF-8, with or without a byte order mark.
///
/// # Errors
/// The first problem, with its place.
pub(crate) fn read_bytes(
    bytes: &[u8],
    file: &str,
    budget: Budget,
) -> Result<Option<Node>, Problem> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return read(text, file, budget),
        Err(error) => error,
    };
    let start = Mark {
        file: Rc::from(file),
        line: 1,
        column: 1,
    };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(start.problem("the file is UTF-16, it must be UTF-8"));
    }
    let (valid, rest) = bytes.split_at(error.valid_up_to());
    let valid = String::from_utf8_lossy(valid);
    let byte = rest.first().copied().unwrap_or_default();
    Err(place_after(&valid, &start).problem(format!("the byte 0x{byte:02X} is not UTF-8")))
}

/// Refuses the characters that PyYAML refuses, and those that it takes for line ends while other
/// readers do not: what they hide or show must not depend on who reads.
fn check_characters(text: &str, start: &Mark) -> Result<(), Problem> {
    let Some((at, c)) = text.char_indices().find(|(_, c)| !is_allowed(*c)) else {
        return Ok(());
    };
    let before = text.get(..at).unwrap_or_default();
    let name = suspect::describe(c).map_or(String::new(), |(name, _)| format!(" ({name})"));
    Err(place_after(before, start).problem(format!(
        "the character U+{:04X}{name} is only allowed as an escape in double quotes",
        u32::from(c)
    )))
}

fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}' => false,
        c => c >= '\u{A0}',
    }
}

/// The place behind a text.
fn place_after(text: &str, start: &Mark) -> Mark {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (lines, last) = match text.rsplit_once('\n') {
        Some((before, last)) => (before.matches('\n').count() + 1, last),
        None => (0, text.as_str()),
    };
    Mark {
        file: Rc::clone(&start.file),
        line: u32::try_from(lines + 1).unwrap_or(u32::MAX),
        column: u32::try_from(last.chars().count() + 1).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        read(text, "f", Budget::DEFINITION).unwrap_err().to_string()
    }

    #[test]
    fn nodes_know_where_they_stand() {
        let text = "\u{feff}a: é\nports:\r\n  - {port: 80}\n";
        let root = read(text, "plugin.yaml", Budget::DEFINITION)
            .unwrap()
            .unwrap();
        let port = root.get("ports").unwrap().as_sequence().unwrap()[0]
            .get("port")
            .unwrap();
        assert_eq!((port.mark.line, port.mark.column), (3, 12));
        assert_eq!(&*port.mark.file, "plugin.yaml");
        assert_eq!(root.get("a").unwrap().as_str_scalar(), Some("é"));
    }

    #[test]
    fn nothing_written_is_no_document() {
        for text in ["", "\n\n", "# only this\n", "---\n", "\u{feff}"] {
            assert_eq!(
                read(text, "f", Budget::DEFINITION).unwrap(),
                None,
                "{text:?}"
            );
        }
        assert!(read("~\n", "f", Budget::DEFINITION).unwrap().is_some());
    }

    #[test]
    fn what_readers_disagree_on_is_refused() {
        assert_eq!(
            problem("a: 1\nb: 2\na: 3\n"),
            "f:3:1: duplicate key `a`, first in line 1"
        );
        assert_eq!(
            problem("1: a\ntrue: b\n"),
            "f:2:1: duplicate key `true`, first in line 1"
        );
        assert_eq!(
            problem("a: 1\n---\nb: 1\n"),
            "f:2:1: a second document starts here"
        );
        assert_eq!(
            problem("a: !x 1\n"),
            "f:1:7: the tag `!x` is not supported here"
        );
        assert_eq!(
            problem("a: x\n# \u{2028}b: y\n"),
            "f:2:3: the character U+2028 (line separator) is only allowed as an escape in double \
             quotes"
        );
        assert_eq!(
            problem("a: 2026-13-45\n"),
            "f:1:4: `2026-13-45` looks like a date but is not a valid one; put quotes around it"
        );
        assert_eq!(
            problem("a: =\n"),
            "f:1:4: a `=` without quotes is not a value; put quotes around it"
        );
        assert_eq!(problem("? [a]\n: b\n"), "f:1:3: a key cannot be a list");
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_placed() {
        let problem = |bytes: &[u8]| {
            let problem = read_bytes(bytes, "f", Budget::DEFINITION).unwrap_err();
            problem.to_string()
        };
        assert_eq!(
            problem(b"a: 1\r\nb: \xe9\n"),
            "f:2:4: the byte 0xE9 is not UTF-8"
        );
        assert_eq!(
            problem(b"\xff\xfea\0"),
            "f:1:1: the file is UTF-16, it must be UTF-8"
        );
    }

    #[test]
    fn hostile_documents_end_in_an_error() {
        let deep = |open: &str| open.repeat(100_000);
        for text in [deep("["), deep("{"), deep("- "), deep("? "), deep("{a: ")] {
            read(&text, "f", Budget::DEFINITION).unwrap_err();
        }
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for level in 1..30 {
            let below = level - 1;
            bomb += &format!("a{level}: &a{level} [*a{below}, *a{below}]\n");
        }
        assert!(problem(&bomb).contains("too many values"));
        let mut tower = "a0: &a0 [x]\n".to_owned();
        for level in 1..70 {
            tower += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
        }
        assert!(problem(&tower).contains("deeper than 64"));
        assert!(problem("&a [*a]\n").contains("inside its own target"));
        assert!(problem(&"x".repeat(2 << 20)).contains("2097152 bytes"));
    }

    #[test]
    fn aliases_share_their_target() {
        let text = "a: &x [1]\nb: *x\nc: *x\n";
        let root = read(text, "f", Budget::DEFINITION).unwrap().unwrap();
        assert_eq!(root.get("a"), root.get("c"));
    }
}
