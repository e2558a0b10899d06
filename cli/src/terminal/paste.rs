//! Several lines that arrive at one question, because a key was pasted.
//!
//! Read line by line, the first would be the answer, and the others would answer the next
//! questions: parts of a secret would end up in other variables, or on the screen.

use std::io::Write;

/// The sequences that a terminal sends before and after pasted text, if it was asked to.
const BEGIN: &str = "\u{1b}[200~";
const END: &str = "\u{1b}[201~";

/// The meaning of the lines read so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// An answer.
    Answer(String),
    /// The rest is still to come.
    Unfinished,
}

/// Joins the lines of one answer: the whole paste, if the terminal marks it; otherwise the lines of a
/// key in PEM form, which has an end line.
pub(super) fn lines(typed: &str) -> Lines {
    if let Some(begin) = typed.find(BEGIN) {
        let (before, pasted) = typed.split_at(begin);
        let pasted = pasted.get(BEGIN.len()..).unwrap_or_default();
        return match pasted.split_once(END) {
            Some((pasted, after)) => {
                // A paste may be corrected before the answer is sent, or pasted in two parts.
                let pasted = pasted.trim_end_matches(['\n', '\r']);
                let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
                match lines(after) {
                    Lines::Answer(after) => Lines::Answer(format!("{before}{pasted}{after}")),
                    Lines::Unfinished => Lines::Unfinished,
                }
            }
            None => Lines::Unfinished,
        };
    }
    let is_pem = typed.trim_start().starts_with("-----BEGIN ");
    let last = typed.lines().next_back().unwrap_or_default();
    match is_pem && !last.trim_start().starts_with("-----END ") {
        true => Lines::Unfinished,
        false => Lines::Answer(typed.to_owned()),
    }
}

/// Asks a terminal to mark pasted text, until it is dropped.
#[must_use = "pastes are no longer marked when this is dropped"]
pub(super) struct Marked<'s> {
    screen: Option<&'s mut dyn Write>,
}

impl<'s> Marked<'s> {
    /// Asks. Only for hidden input: the terminal's own echo would show the marks. A terminal that
    /// does not know the sequence ignores it, but for the simplest ones.
    pub(super) fn new(screen: &'s mut dyn Write, wanted: bool) -> Self {
        let mut marked = Marked {
            screen: wanted.then_some(screen),
        };
        marked.write("\u{1b}[?2004h");
        marked
    }

    fn write(&mut self, sequence: &str) {
        if let Some(screen) = &mut self.screen {
            let written = screen.write_all(sequence.as_bytes());
            // Without it a paste is still recognised by its speed.
            let _ = written.and_then(|()| screen.flush());
        }
    }
}

impl Drop for Marked<'_> {
    fn drop(&mut self) {
        self.write("\u{1b}[?2004l");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Lines {
        Lines::Answer(text.to_owned())
    }

    #[test]
    fn text_marked_as_pasted_is_one_answer() {
        assert_eq!(lines("\u{1b}[200~a\nb\n\u{1b}[201~"), answer("a\nb"));
        assert_eq!(lines("\u{1b}[200~a\r\nb\rc\u{1b}[201~"), answer("a\nb\nc"));
        assert_eq!(lines("x\u{1b}[200~a\u{1b}[201~y"), answer("xay"));
        assert_eq!(lines("\u{1b}[200~a"), Lines::Unfinished);
        assert_eq!(lines("\u{1b}[200~a\nb"), Lines::Unfinished);
        assert_eq!(
            lines("\u{1b}[200~a\u{1b}[201~\u{1b}[200~b\u{1b}[201~"),
            answer("ab")
        );
    }

    #[test]
    fn a_key_in_pem_form_is_one_answer() {
        let key = "-----BEGIN KEY-----\nMIIE\n-----END KEY-----";
        assert_eq!(lines(key), answer(key));
        assert_eq!(lines("-----BEGIN KEY-----"), Lines::Unfinished);
        assert_eq!(lines("-----BEGIN KEY-----\nMIIE"), Lines::Unfinished);
        assert_eq!(lines("ordinary"), answer("ordinary"));
        assert_eq!(lines(""), answer(""));
    }
}
