//! Conflict markers: what a merge that git could not finish leaves in a text file.

/// A text with conflict markers in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// The line of the first marker, counted from 1.
    pub(crate) line: u32,
    pub(crate) ours: Side,
    pub(crate) theirs: Side,
}

/// One side of a merge.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Side {
    /// What git calls it (`HEAD`, a branch, a commit); empty if its marker is gone.
    pub(crate) label: String,
    /// The whole text as this side has it.
    pub(crate) text: String,
}

/// Where a line belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Ours,
    /// What both sides come from, which git shows if `merge.conflictStyle` is `diff3`.
    Base,
    Theirs,
}

impl Conflict {
    /// The first line that a conflict marker is, counted from 1. Unlike [`Conflict::find`] it copies
    /// nothing.
    pub(crate) fn first_line(text: &str) -> Option<u32> {
        if !text.contains("<<<<<<<") && !text.contains(">>>>>>>") {
            return None;
        }
        let mut lines = (1..).zip(text.split_inclusive('\n'));
        let is_first = |line: &str| matches!(marker(line), Some(('<' | '>', _)));
        lines.find_map(|(number, line)| is_first(line).then_some(number))
    }

    /// Looks for conflict markers. A line of `=======` alone is none: it may be a heading.
    pub(crate) fn find(text: &str) -> Option<Conflict> {
        // Most texts have none, and a large manifest is searched often.
        if !text.contains("<<<<<<<") && !text.contains(">>>>>>>") {
            return None;
        }
        let mut part = Part::Both;
        let mut first = None;
        let (mut ours, mut theirs) = (Side::default(), Side::default());
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            let next = match marker(line) {
                Some(('<', label)) => {
                    label.clone_into(&mut ours.label);
                    Part::Ours
                }
                Some(('|', _)) if part == Part::Ours => Part::Base,
                Some(('=', _)) if part != Part::Both => Part::Theirs,
                Some(('>', label)) => {
                    label.clone_into(&mut theirs.label);
                    Part::Both
                }
                Some(_) | None => {
                    if matches!(part, Part::Both | Part::Ours) {
                        ours.text.push_str(line);
                    }
                    if matches!(part, Part::Both | Part::Theirs) {
                        theirs.text.push_str(line);
                    }
                    continue;
                }
            };
            first = first.or(Some(number));
            part = next;
        }
        first.map(|line| Conflict { line, ours, theirs })
    }
}

/// The character that a marker line repeats, and what follows it.
fn marker(line: &str) -> Option<(char, &str)> {
    let line = line.trim_end_matches(['\n', '\r']);
    let first = line.chars().next().filter(|c| "<|=>".contains(*c))?;
    let rest = line.trim_start_matches(first);
    // Seven is git's default; `conflict-marker-size` is for files that hold such lines themselves.
    let is_marker = line.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with(' '));
    is_marker.then(|| (first, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_is_the_whole_text_without_markers() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> feature/x\nd\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let conflict = Conflict::find(&text).unwrap();
            assert_eq!(conflict.line, 2);
            assert_eq!(conflict.ours.label, "HEAD");
            assert_eq!(conflict.theirs.label, "feature/x");
            assert_eq!(conflict.ours.text.replace('\r', ""), "a\nb\nd\n");
            assert_eq!(conflict.theirs.text.replace('\r', ""), "a\nc\nd\n");
        }
    }

    #[test]
    fn markers_that_were_removed_by_half_are_still_found() {
        let found = |text: &str| {
            let line = Conflict::find(text).map(|conflict| conflict.line);
            assert_eq!(Conflict::first_line(text), line, "{text}");
            line
        };
        assert_eq!(found("a\n>>>>>>> other\n"), Some(2));
        assert_eq!(found("<<<<<<< HEAD\na\n"), Some(1));
        assert_eq!(found("a\n=======\nb\n>>>>>>>\n"), Some(4));
    }

    #[test]
    fn what_only_looks_like_a_marker_is_none() {
        for text in [
            "Title\n=======\n",
            "  <<<<<<< indented\n",
            "<<<<<<<< eight\n",
            "cat <<<<<<< x\n",
            "<<<<<<<x\n",
        ] {
            assert_eq!(Conflict::find(text), None, "{text:?}");
            assert_eq!(Conflict::first_line(text), None, "{text:?}");
        }
    }
}
