//! Characters that look like others: why a line that looks right is wrong.
//!
//! Text that was copied from a web page, a chat or a word processor has no-break spaces, curly
//! quotes and characters without any width. YAML takes them for letters.

use std::ops::Range;

use crate::error::Problem;

/// Adds to a problem the character in its line that looks like another one, if there is one.
///
/// `text` is the file that the problem is of. A parser often notices only in the next line, so
/// the line before counts too if the problem is of no field.
pub(crate) fn explain(problem: &mut Problem, text: &str) {
    let first = match problem.field.is_empty() {
        true => problem.line.saturating_sub(1),
        false => problem.line,
    };
    let near = first.max(1)..problem.line + 1;
    if let Some(found) = find(text, near)
        && !problem.message.contains(&found.code())
    {
        problem.message.push_str(&format!("; {found}"));
    }
}

/// What a character is called, and what to write instead.
pub(super) fn describe(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '\u{A0}' => ("no-break space", SPACE),
        '\u{202F}' => ("narrow no-break space", SPACE),
        '\u{3000}' => ("ideographic space", SPACE),
        '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{205F}' => ("a space of another width", SPACE),
        '\u{200B}' => ("zero-width space", DELETE),
        '\u{200C}' => ("zero-width non-joiner", DELETE),
        '\u{200D}' => ("zero-width joiner", DELETE),
        '\u{2060}' => ("word joiner", DELETE),
        '\u{FEFF}' => ("byte order mark", DELETE),
        '\u{AD}' => ("soft hyphen", DELETE),
        '\u{85}' => ("next line", "use a line feed"),
        '\u{2028}' => ("line separator", "use a line feed"),
        '\u{2029}' => ("paragraph separator", "use a line feed"),
        '\u{2018}'..='\u{201B}' => ("curly quote", "use `'`"),
        '\u{201C}'..='\u{201F}' => ("curly quote", "use `\"`"),
        '\u{FF02}' => ("full-width quote", "use `\"`"),
        '\u{FF07}' => ("full-width quote", "use `'`"),
        '\u{FF1A}' => ("full-width colon", "use `:` and a space"),
        '\u{FE55}' | '\u{A789}' | '\u{2236}' => ("looks like a colon", "use `:` and a space"),
        '\u{FF0C}' => ("full-width comma", "use `,`"),
        '\u{FF0D}' => ("full-width hyphen", "use `-`"),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => ("dash", "use `-`"),
        '\u{FF3B}' | '\u{FF3D}' => ("full-width bracket", "use `[` and `]`"),
        '\u{FF5B}' | '\u{FF5D}' => ("full-width brace", "use `{` and `}`"),
        '\u{FF03}' => ("full-width number sign", "use `#`"),
        _ => return None,
    })
}

const SPACE: &str = "use a plain space";
const DELETE: &str = "delete it";

/// A character that looks like another, and its place.
struct Suspect {
    line: u32,
    column: usize,
    character: char,
    name: &'static str,
    advice: &'static str,
}

impl Suspect {
    fn code(&self) -> String {
        format!("U+{:04X} (", u32::from(self.character))
    }
}

impl std::fmt::Display for Suspect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Suspect {
            line,
            column,
            name,
            advice,
            ..
        } = self;
        let code = self.code();
        write!(
            f,
            "line {line}, column {column} has the character {code}{name}): {advice}"
        )
    }
}

/// The last such character of the lines, comments apart.
fn find(text: &str, lines: Range<u32>) -> Option<Suspect> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let numbered = (1..).zip(text.lines());
    let wanted = numbered.filter(|(number, _)| lines.contains(number));
    wanted.filter_map(|(line, text)| in_line(line, text)).last()
}

fn in_line(line: u32, text: &str) -> Option<Suspect> {
    let end = match text.trim_start().starts_with('#') {
        true => 0,
        false => text.find(" #").unwrap_or(text.len()),
    };
    let code = text.get(..end).unwrap_or_default();
    let indent = code.len() - code.trim_start_matches([' ', '\t']).len();
    let mut characters = (1..).zip(code.char_indices());
    characters.find_map(|(column, (at, character))| {
        let (name, advice) = match character {
            '\t' if at < indent => ("tab", "indent with spaces"),
            c => describe(c)?,
        };
        Some(Suspect {
            line,
            column,
            character,
            name,
            advice,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Budget, read};
    use super::*;

    fn explained(text: &str, line: u32, field: &str) -> String {
        let mut problem = Problem::new("f", (line, 1), field, "wrong");
        explain(&mut problem, text);
        problem.message
    }

    #[test]
    fn the_character_is_named_with_its_place_and_what_to_write_instead() {
        for (text, expected) in [
            (
                "\u{a0}\u{a0}start: x\n",
                "line 1, column 1 has the character U+00A0 (no-break space): use a plain space",
            ),
            (
                "na\u{200b}me: x\n",
                "line 1, column 3 has the character U+200B (zero-width space): delete it",
            ),
            (
                "\u{feff}a: \u{feff}x\n",
                "line 1, column 4 has the character U+FEFF (byte order mark): delete it",
            ),
            (
                "name: \u{201c}x\u{201d}\n",
                "line 1, column 7 has the character U+201C (curly quote): use `\"`",
            ),
            (
                "name\u{ff1a}x\n",
                "line 1, column 5 has the character U+FF1A (full-width colon): use `:` and a space",
            ),
            (
                "\tname: x\n",
                "line 1, column 1 has the character U+0009 (tab): indent with spaces",
            ),
        ] {
            assert_eq!(explained(text, 1, "a"), format!("wrong; {expected}"));
        }
    }

    #[test]
    fn comments_and_other_lines_explain_nothing() {
        for text in [
            "# it\u{2019}s\n",
            "a: b # \u{a0}\n",
            "a: b\n\u{a0}c: d\n",
            "a\tb: c\n",
        ] {
            assert_eq!(explained(text, 1, "a"), "wrong", "{text:?}");
        }
        assert_eq!(explained("a\u{a0}: b\nc: d\n", 2, "c"), "wrong");
        assert!(explained("a\u{a0}: b\nc: d\n", 2, "").contains("line 1, column 2"));
    }

    #[test]
    fn syntax_that_cannot_be_read_is_explained() {
        for (text, code) in [
            ("a:\n\tb: c\n", "U+0009 (tab)"),
            ("a:\n  - b\n\u{a0} - c\n", "U+00A0"),
            ("a: {b: \u{201c}x: y\u{201d}}\n", "U+201C"),
            ("a: b\nc\u{ff1a}d\ne: f\n", "U+FF1A"),
            ("a: b\u{2028}c: d\n", "U+2028 (line separator)"),
        ] {
            let problem = read(text, "f", Budget::DEFINITION).unwrap_err().to_string();
            assert!(problem.contains(code), "{text:?}: {problem}");
        }
    }
}
