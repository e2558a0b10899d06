//! The lines of a document in block style.

use std::ops::Range;

use crate::agents::edit::layout::{indentation, starts_line};

/// The end of the line of a byte, without the line end.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let line = text.get(at..).unwrap_or_default();
    let line = line.split('\n').next().unwrap_or_default();
    at + line.strip_suffix('\r').unwrap_or(line).len()
}

/// The end of the line of a byte behind which only a comment follows, without the line end. `None`
/// if something else follows.
pub(super) fn end_of_line(text: &str, at: usize) -> Option<usize> {
    let line = text.get(at..line_end(text, at))?;
    let rest = line.trim_start_matches([' ', '\t']);
    let is_comment = rest.starts_with('#') && rest.len() < line.len();
    (rest.is_empty() || is_comment).then_some(at + line.len())
}

/// The end of the comment lines that follow a line end at once and are indented as `least` or deeper.
pub(super) fn after_comments(text: &str, mut end: usize, least: usize) -> usize {
    while let Some(rest) = text.get(end..) {
        let Some(start) = rest.find('\n').map(|at| end + at + 1) else {
            return end;
        };
        let indented = indentation(text, start).len();
        let is_comment = text
            .get(start + indented..)
            .is_some_and(|line| line.starts_with('#'));
        if !is_comment || indented < least {
            return end;
        }
        end = end_of_line(text, start).unwrap_or(start);
    }
    end
}

/// The lines of an item with the line end before them; at the start of the text, with the line end
/// behind them. `None` if something else is on its lines.
pub(super) fn whole_lines(text: &str, item: &Range<usize>) -> Option<Range<usize>> {
    if !starts_line(text, item.start) {
        return None;
    }
    let end = end_of_line(text, item.end)?;
    let before = text.get(..item.start)?;
    let before = before.trim_end_matches([' ', '\t']);
    if let Some(before) = before.strip_suffix('\n') {
        return Some(before.strip_suffix('\r').unwrap_or(before).len()..end);
    }
    let after = text.get(end..)?;
    let is_last = after.trim().is_empty();
    let line_end = if is_last {
        0
    } else {
        after.find('\n').map_or(0, |at| at + 1)
    };
    Some(0..end + line_end)
}
