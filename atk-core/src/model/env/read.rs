//! Finds the assignments of a `.env` file, as python-dotenv finds them.

use std::ops::Range;

/// An assignment: `NAME=value`, or a `NAME` alone.
pub(super) struct Binding {
    pub(super) name: String,
    /// Where the name ends, its quote included.
    pub(super) name_end: usize,
    /// None for a name alone, which says that the variable has no value.
    pub(super) value: Option<EnvValue>,
    /// The whole lines that it takes.
    pub(super) line: Range<usize>,
}

/// A value before `${…}` in it is replaced.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EnvValue {
    /// Where the value ends, its quote included.
    end: usize,
    pub(super) text: String,
    /// True if `${…}` is plain text: in single quotes.
    pub(super) literal: bool,
}

impl Binding {
    /// Where the assignment ends; a comment may follow.
    pub(super) fn end(&self) -> usize {
        self.value.as_ref().map_or(self.name_end, |value| value.end)
    }

    /// What it says, apart from where.
    pub(super) fn meaning(&self) -> Option<(String, bool)> {
        let value = self.value.as_ref()?;
        Some((value.text.clone(), value.literal))
    }

    /// True if its value has a `${` that may be replaced.
    pub(super) fn refers(&self) -> bool {
        self.value
            .as_ref()
            .is_some_and(|value| !value.literal && value.text.contains("${"))
    }
}

/// The assignments of a text, in order. Lines that are none are left out.
pub(super) fn bindings(text: &str) -> Vec<Binding> {
    let found = read(text).into_iter();
    found.filter_map(Result::ok).collect()
}

/// The assignments of a text, in order, and in the place of each line that is skipped where it is.
pub(super) fn read(text: &str) -> Vec<Result<Binding, Skipped>> {
    let mut reader = EnvReader { text, at: 0 };
    let mut found = Vec::new();
    reader.take('\u{feff}');
    loop {
        reader.skip(is_blank);
        if reader.rest().is_empty() {
            return found;
        }
        let start = reader.at;
        match reader.binding() {
            Some(Some(binding)) => found.push(Ok(Binding {
                line: line_start(text, start)..reader.at,
                ..binding
            })),
            Some(None) => {}
            None => {
                let stopped = reader.at;
                reader.skip(|c| !is_line_end(c));
                found.push(Err(Skipped {
                    line: start..reader.at,
                    stopped,
                }));
                reader.line_end();
            }
        }
    }
}

/// A line that is no assignment.
pub(super) struct Skipped {
    pub(super) line: Range<usize>,
    /// How far it could be read.
    pub(super) stopped: usize,
}

struct EnvReader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> EnvReader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn take(&mut self, expected: char) -> bool {
        let there = self.rest().starts_with(expected);
        if there {
            self.at += expected.len_utf8();
        }
        there
    }

    /// An assignment, or a comment (`Some(None)`), up to the end of its line. None if the line
    /// is neither; what was read until then counts as skipped.
    fn binding(&mut self) -> Option<Option<Binding>> {
        self.export();
        let name = if self.rest().starts_with('#') {
            None
        } else {
            Some(self.name()?)
        };
        let name_end = self.at;
        self.skip(is_inner_blank);
        let mut value = None;
        if name.is_some() && self.take('=') {
            value = Some(self.value()?);
        }
        self.skip(is_inner_blank);
        if self.rest().starts_with('#') {
            self.skip(|c| !is_line_end(c));
        }
        if !self.rest().is_empty() && !self.line_end() {
            return None;
        }
        Some(name.map(|name| Binding {
            name,
            name_end,
            value,
            line: 0..0,
        }))
    }

    fn export(&mut self) {
        let start = self.at;
        if self.rest().starts_with("export") {
            self.at += "export".len();
            if self.skip(is_inner_blank).is_empty() {
                self.at = start;
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest();
        if let Some(quoted) = rest.strip_prefix('\'') {
            let name = &quoted[..quoted.find('\'')?];
            self.at += name.len() + 2;
            return (!name.is_empty()).then(|| unix_lines(name));
        }
        let name = self.skip(|c| c != '=' && c != '#' && !is_blank(c));
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn value(&mut self) -> Option<EnvValue> {
        let start = self.at;
        let blanks = self.skip(is_inner_blank);
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            // `A= # note` has a note, and `A=#x` has a value.
            Some('#') if !blanks.is_empty() => Some(EnvValue {
                end: start,
                text: String::new(),
                literal: false,
            }),
            _ => Some(self.bare()),
        }
    }

    fn bare(&mut self) -> EnvValue {
        let start = self.at;
        let line = self.skip(|c| !is_line_end(c));
        let comment = line
            .match_indices('#')
            .map(|(at, _)| at)
            .find(|at| line[..*at].ends_with(is_blank));
        let text = line[..comment.unwrap_or(line.len())].trim_end_matches(is_blank);
        EnvValue {
            end: start + text.len(),
            text: text.to_owned(),
            literal: false,
        }
    }

    fn quoted(&mut self, quote: char) -> Option<EnvValue> {
        let inner = self.rest().get(1..)?;
        let length = closing(inner, quote)?;
        self.at += length + 2;
        Some(EnvValue {
            end: self.at,
            text: unescape(&unix_lines(&inner[..length]), quote),
            literal: quote == '\'',
        })
    }

    fn line_end(&mut self) -> bool {
        let rest = self.rest();
        let length = match rest.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => return false,
        };
        self.at += length;
        true
    }
}

/// Where the closing quote stands: the first that no backslash escapes.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && !escaped {
            return Some(at);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn unescape(text: &str, quote: char) -> String {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.clone().next(), quote) {
            ('\\', Some(next @ ('\\' | '\'')), _) => Some(next),
            ('\\', Some('"'), '"') => Some('"'),
            ('\\', Some('a'), '"') => Some('\u{7}'),
            ('\\', Some('b'), '"') => Some('\u{8}'),
            ('\\', Some('f'), '"') => Some('\u{c}'),
            ('\\', Some('n'), '"') => Some('\n'),
            ('\\', Some('r'), '"') => Some('\r'),
            ('\\', Some('t'), '"') => Some('\t'),
            ('\\', Some('v'), '"') => Some('\u{b}'),
            _ => None,
        };
        if meant.is_some() {
            chars.next();
        }
        value.push(meant.unwrap_or(c));
    }
    value
}

fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn line_start(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let start = before.rfind(is_line_end).map_or(0, |end| end + 1);
    if before[start..].starts_with('\u{feff}') {
        start + '\u{feff}'.len_utf8()
    } else {
        start
    }
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\n')
}

/// What Python's regular expressions call white space.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn is_inner_blank(c: char) -> bool {
    is_blank(c) && !is_line_end(c)
}
