//! Containers in brackets, with commas between their items: those of JSON, inline tables and arrays
//! of TOML, flow collections of YAML.

use std::ops::Range;

use super::layout::{Layout, indentation, newline, starts_line};
use super::splice::Splice;

/// A container in brackets. All places are bytes of the text.
#[derive(Debug, Clone)]
pub(super) struct Flow<'t> {
    pub(super) text: &'t str,
    /// What is between the brackets.
    pub(super) inside: Range<usize>,
    /// The items, each with its key.
    pub(super) items: Vec<Range<usize>>,
    /// The commas between and after the items.
    pub(super) commas: Vec<usize>,
    /// The comments between and after the items. A comment to the end of its line is without the line end.
    pub(super) comments: Vec<Range<usize>>,
}

impl Flow<'_> {
    /// The text between the brackets.
    pub(super) fn interior(&self) -> &str {
        self.text.get(self.inside.clone()).unwrap_or_default()
    }

    /// The layout of a new item; `None` if the container is on one line. `unit` is what a level adds
    /// to the indentation, unless the container's own items show it.
    pub(super) fn item_layout(&self, unit: &str, is_one_line: bool) -> Option<Layout> {
        if is_one_line {
            return None;
        }
        let base = indentation(self.text, self.inside.start);
        let own = self.items.iter().rev().map(|item| item.start);
        let own = own.into_iter().find(|&at| starts_line(self.text, at));
        let own = own.map(|at| indentation(self.text, at));
        let unit = own
            .and_then(|own| own.strip_prefix(base))
            .filter(|unit| !unit.is_empty())
            .unwrap_or(unit);
        Some(Layout {
            newline: newline(self.text),
            unit: unit.to_owned(),
            base: own.map_or_else(|| format!("{base}{unit}"), str::to_owned),
        })
    }

    /// Adds an item at the end. `layout` is that of [`Flow::item_layout`], `item` is written in it.
    pub(super) fn append(&self, item: &str, layout: Option<&Layout>) -> Vec<Splice> {
        let Some(last) = self.items.last() else {
            return vec![self.first(item, layout)];
        };
        let comma = self.commas.iter().copied().find(|&at| at >= last.end);
        let lead = layout.map_or_else(|| " ".to_owned(), Layout::line);
        let after = self.after_comments(comma.map_or(last.end, |at| at + 1));
        match comma {
            // The container's items all end in a comma, and so does the new one.
            Some(_) => vec![Splice::insert(after, format!("{lead}{item},"))],
            None => vec![
                Splice::insert(last.end, ","),
                Splice::insert(after, format!("{lead}{item}")),
            ],
        }
    }

    /// Adds an item to a container without items, behind the comments in it.
    fn first(&self, item: &str, layout: Option<&Layout>) -> Splice {
        let interior = self.interior();
        let comments = interior.trim_end();
        let at = self.inside.start + comments.len();
        let Some(layout) = layout else {
            let lead = if comments.is_empty() { "" } else { " " };
            return Splice::replace(at..self.inside.end, format!("{lead}{item}"));
        };
        let end = indentation(self.text, self.inside.start);
        Splice::replace(
            at..self.inside.end,
            format!("{}{item}{}{end}", layout.line(), layout.newline),
        )
    }

    /// Deletes the item at an index, with the space before it and the comma that belongs to it.
    pub(super) fn delete(&self, index: usize) -> Vec<Splice> {
        let Some(item) = self.items.get(index) else {
            return Vec::new();
        };
        let mut range = self.lead(item.start, index)..item.end;
        let own = self.commas.iter().copied().find(|&at| at >= item.end);
        let before = self.commas.iter().copied().rfind(|&at| at < item.start);
        let comma = own.or(before);
        // On one line, the next item takes the place of the first.
        let is_first_of_line = index == 0 && range.start == item.start;
        if is_first_of_line && own == Some(item.end) {
            let rest = self.text.get(item.end + 1..).unwrap_or_default();
            range.end = item.end + 1 + usize::from(rest.starts_with(' '));
            return vec![Splice::delete(range)];
        }
        let comma = comma.map(|at| Splice::delete(at..at + 1));
        comma.into_iter().chain([Splice::delete(range)]).collect()
    }

    /// Where the space before an item starts: the end of the line before, or the one space that
    /// separates it from what is on its line.
    fn lead(&self, start: usize, index: usize) -> usize {
        let before = self.text.get(self.inside.start..start).unwrap_or_default();
        let line = before.trim_end_matches([' ', '\t']);
        let lead = if let Some(rest) = line.strip_suffix('\n') {
            rest.strip_suffix('\r').unwrap_or(rest)
        } else if index > 0 {
            before.strip_suffix(' ').unwrap_or(before)
        } else {
            before
        };
        self.inside.start + lead.len()
    }

    /// The end of the comments that follow a byte on its line.
    fn after_comments(&self, at: usize) -> usize {
        let following = self.comments.iter().filter(|comment| comment.start >= at);
        following.fold(at, |end, comment| {
            let between = self.text.get(end..comment.start).unwrap_or("\n");
            if between.contains('\n') {
                end
            } else {
                comment.end
            }
        })
    }
}
