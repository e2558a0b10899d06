//! Lines of the file that assign nothing.

use std::collections::BTreeSet;
use std::fmt;

use super::read::{Skipped, read};

/// A line that assigns nothing. It does not hold the text: that may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnvProblem {
    /// The line, counted from 1.
    pub(crate) line: usize,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    NoAssignment,
    /// A name without a value: the rest of a value that was broken into lines looks so.
    NoValue,
    /// What stands before the `=` is no name: a line of a key, or of another shell.
    NoName,
    OpenQuote,
    BehindQuote,
    ConflictMarker,
}

impl fmt::Display for EnvProblem {
    /// Says what is wrong, to follow the file and the line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.what {
            What::NoAssignment => "the line is ignored: it is not an assignment (`NAME=value`)",
            What::NoValue => "the line sets nothing: it has no `=`",
            What::NoName => {
                "the line is ignored: the name of a variable has only letters, digits and `_`"
            }
            What::OpenQuote => "the line is ignored: its quote is not closed",
            What::BehindQuote => "the line is ignored: something follows the closing quote",
            What::ConflictMarker => "the line is a conflict marker of a git merge: delete it",
        })
    }
}

/// Finds the lines that assign nothing.
pub(super) fn find(text: &str) -> Vec<EnvProblem> {
    let found = read(text);
    let set: BTreeSet<String> = found
        .iter()
        .filter_map(|result| result.as_ref().ok())
        .filter(|binding| binding.value.is_some())
        .map(|binding| binding.name.clone())
        .collect();
    let of_line = |at: usize, what| EnvProblem {
        line: line_number(text, at),
        what,
    };
    found
        .into_iter()
        .filter_map(|result| match result {
            Ok(binding) if binding.value.is_some() => {
                let is_name = may_be_name(&binding.name);
                (!is_name).then(|| of_line(binding.line.start, What::NoName))
            }
            // `export NAME` marks a variable that another line sets.
            Ok(binding) => {
                let line = text.get(binding.line.clone()).unwrap_or_default();
                let is_export = line.trim_start().starts_with("export");
                (!is_export || !set.contains(&binding.name))
                    .then(|| of_line(binding.line.start, What::NoValue))
            }
            Err(skipped) => Some(of_line(skipped.line.start, what(text, &skipped))),
        })
        .collect()
}

/// True for the names of shells, and for those with `.` and `-` that some programs read.
fn may_be_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn what(text: &str, skipped: &Skipped) -> What {
    let line = text.get(skipped.line.clone()).unwrap_or_default();
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|marker| line.starts_with(marker))
    {
        return What::ConflictMarker;
    }
    if line.contains(['\n', '\r']) {
        // It reached for a quote of a later line.
        return What::OpenQuote;
    }
    let read = text.get(skipped.line.start..skipped.stopped.max(skipped.line.start));
    let rest = text.get(skipped.stopped..).unwrap_or_default();
    let read = read.unwrap_or_default().trim_end();
    match read.chars().next_back() {
        Some('=') if rest.starts_with(['\'', '"']) => What::OpenQuote,
        Some('\'' | '"') if read.contains('=') => What::BehindQuote,
        _ => What::NoAssignment,
    }
}

fn line_number(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let before = before.replace("\r\n", "\n").replace('\r', "\n");
    1 + before.matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::super::EnvFile;

    fn shown(text: &str) -> Vec<String> {
        let file = EnvFile::parse(text.as_bytes()).unwrap();
        let problems = file.problems();
        problems
            .iter()
            .map(|problem| format!("{}: {problem}", problem.line))
            .collect()
    }

    #[test]
    fn lines_that_assign_nothing_are_numbered_and_not_shown() {
        let text = "\u{feff}# mine\r\nA: hunter2\r\n\r\nC='x'hunter2\r\nhunter2\r\nD=1\r\n\
                    =======\r\nB=\"open hunter2\r\n";
        assert_eq!(
            shown(text),
            [
                "2: the line is ignored: it is not an assignment (`NAME=value`)",
                "4: the line is ignored: something follows the closing quote",
                "5: the line sets nothing: it has no `=`",
                "7: the line is a conflict marker of a git merge: delete it",
                "8: the line is ignored: its quote is not closed",
            ]
        );
        assert_eq!(
            shown("A='it\nB='x'\n"),
            ["1: the line is ignored: its quote is not closed"]
        );
    }

    #[test]
    fn names_that_no_variable_has_and_exports_of_nothing_are_problems() {
        let no_name =
            "the line is ignored: the name of a variable has only letters, digits and `_`";
        for line in [
            "$env:A=\"x\"",
            "1A=x",
            "hunter2/+Zz==",
            "a[0]=x",
            "\u{c4}=x",
        ] {
            assert_eq!(shown(line), [format!("1: {no_name}")], "{line}");
        }
        for text in ["export A", "A=1\nexport B\n", "export A\nexport A"] {
            let found = shown(text);
            assert!(!found.is_empty(), "{text}");
            assert!(
                found.iter().all(|said| said.contains("has no `=`")),
                "{found:?}"
            );
        }
    }

    #[test]
    fn what_assigns_comments_and_exports_is_no_problem() {
        for text in [
            "",
            "my.setting=1\n_A-b=2\n",
            "A=1\nB='x\ny'\nexport C=\"z\" # note\n",
            "# it's\n\n  \nexport A\nA=\n",
        ] {
            assert_eq!(shown(text), Vec::<String>::new(), "{text:?}");
        }
    }

    #[test]
    fn files_that_cannot_be_read_say_why() {
        let message = |bytes: &[u8]| EnvFile::parse(bytes).unwrap_err().to_string();
        assert_eq!(
            message(b"A=1\nB=x\0y\n"),
            "the `.env` file has a NUL byte in line 2"
        );
        assert_eq!(
            message(b"\xff\xfeA\0"),
            "the `.env` file is UTF-16, it must be UTF-8"
        );
        let large = vec![b'#'; 10 << 20];
        assert_eq!(
            message(&large),
            "the `.env` file has 10485760 bytes, at most 2097152 are allowed"
        );
    }
}
