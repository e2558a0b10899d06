//! The changes of a text.

use serde_json::Value;

use super::document::{Kind, Node};
use super::{lines, write};
use crate::agents::edit::flow::Flow;
use crate::agents::edit::jsonc::write::{written, written_item};
use crate::agents::edit::layout::{Layout, indentation, newline};
use crate::agents::edit::place::Place;
use crate::agents::edit::splice::{self, Splice};
use crate::agents::edit::trace::{Before, Trace};

/// The changes of a text. Each is `None` if the text is written in a way that is not changed.
pub(super) struct Editor<'t> {
    text: &'t str,
    /// What a level adds to the indentation.
    unit: String,
}

impl<'t> Editor<'t> {
    pub(super) fn new(text: &'t str, root: Option<&Node>) -> Self {
        let values = root.map_or(&[][..], Node::pairs).iter();
        let mut blocks =
            values.filter(|(_, value)| matches!(value.kind, Kind::Map { is_flow: false, .. }));
        let unit = blocks.find_map(|(_, value)| value.item_indentation(text));
        Editor {
            text,
            unit: unit
                .filter(|unit| !unit.is_empty())
                .unwrap_or("  ")
                .to_owned(),
        }
    }

    fn layout(&self, base: &str) -> Layout {
        Layout {
            newline: newline(self.text),
            unit: self.unit.clone(),
            base: base.to_owned(),
        }
    }

    /// The document of a file that has none, behind the comments in it.
    pub(super) fn new_document(
        &self,
        place: &Place<'_>,
        value: &Value,
        trace: &mut Trace,
    ) -> Option<Vec<Splice>> {
        let layout = self.layout("");
        let (key, value) = place.nested(value, 0);
        let written = match key {
            Some(key) => write::pair(key, &value, &layout),
            None => write::item(&value, &layout),
        };
        if self.text.trim().is_empty() {
            trace.no_document(self.text);
            let written = format!("{written}{}", layout.newline);
            return Some(vec![Splice::replace(0..self.text.len(), written)]);
        }
        let end = lines::line_end(self.text, self.text.trim_end().len());
        Some(vec![Splice::insert(
            end,
            format!("{}{written}", layout.newline),
        )])
    }

    /// Adds an item to a collection that has others, or is in brackets.
    pub(super) fn added(
        &self,
        container: &Node,
        depth: usize,
        place: &Place<'_>,
        value: &Value,
        trace: &mut Trace,
    ) -> Option<Vec<Splice>> {
        let (key, value) = place.nested(value, depth);
        if let Some(flow) = container.flow(self.text) {
            if flow.items.is_empty() {
                trace.empty(place.container().get(..depth)?, flow.interior());
            }
            let layout = self.flow_layout(&flow);
            let item = written_item(key, &value, layout.as_ref());
            return Some(flow.append(&item, layout.as_ref()));
        }
        let base = container.item_indentation(self.text)?;
        let layout = self.layout(base);
        let written = match key {
            Some(key) => write::pair(key, &value, &layout),
            None => write::item(&value, &layout),
        };
        let end = lines::end_of_line(self.text, container.range.end)?;
        let end = lines::after_comments(self.text, end, base.len());
        Some(vec![Splice::insert(
            end,
            format!("{}{written}", layout.line()),
        )])
    }

    /// Writes the first item of a collection below its key, in the place of what says that it is empty.
    pub(super) fn filled(
        &self,
        name: &Node,
        old: &Node,
        depth: usize,
        place: &Place<'_>,
        value: &Value,
        trace: &mut Trace,
    ) -> Option<Vec<Splice>> {
        let colon = self.after_colon(name)?;
        let before = self.text.get(colon..old.range.end)?;
        if before.contains(['\n', '#']) {
            return self.added(old, depth, place, value, trace);
        }
        trace.empty(place.container().get(..depth)?, before);
        let base = indentation(self.text, name.range.start);
        let layout = self.layout(base).deeper();
        let written = match place.nested(value, depth) {
            (Some(key), value) => write::pair(key, &value, &layout),
            (None, value) => write::item(&value, &layout),
        };
        let end = lines::end_of_line(self.text, old.range.end)?;
        let end = lines::after_comments(self.text, end, layout.base.len());
        Some(vec![
            Splice::delete(colon..old.range.end),
            Splice::insert(end, format!("{}{written}", layout.line())),
        ])
    }

    fn after_colon(&self, key: &Node) -> Option<usize> {
        let rest = self.text.get(key.range.end..)?;
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let is_colon = rest.get(spaces..)?.starts_with(':');
        is_colon.then_some(key.range.end + spaces + 1)
    }

    fn flow_layout(&self, flow: &Flow<'_>) -> Option<Layout> {
        flow.item_layout(&self.unit, !flow.interior().contains('\n'))
    }

    /// Replaces the value of an entry.
    pub(super) fn replaced(
        &self,
        container: &Node,
        index: usize,
        place: &Place<'_>,
        value: &Value,
    ) -> Option<Vec<Splice>> {
        let item = container.items(self.text)?.get(index)?.clone();
        if let Some(flow) = container.flow(self.text) {
            let range = match &container.kind {
                Kind::Map { pairs, .. } => pairs.get(index)?.1.range.clone(),
                Kind::Absent | Kind::Leaf(_) | Kind::List { .. } => item,
            };
            let layout = self.flow_layout(&flow);
            return Some(vec![Splice::replace(
                range,
                written(value, layout.as_ref()),
            )]);
        }
        let layout = self.layout(container.item_indentation(self.text)?);
        let written = match place.key() {
            Some(key) => write::pair(key, value, &layout),
            None => write::item(value, &layout),
        };
        Some(vec![Splice::replace(item, written)])
    }

    /// The text without an item, and whether the key of its collection is to be removed too.
    pub(super) fn removed(
        &self,
        container: &Node,
        index: usize,
        key: Option<&Node>,
        before: Option<&Before>,
    ) -> Option<(String, bool)> {
        let items = container.items(self.text)?;
        let is_only = items.len() == 1;
        if let Some(flow) = container.flow(self.text) {
            return self.removed_from_flow(&flow, index, before.filter(|_| is_only));
        }
        let mut splices = vec![Splice::delete(lines::whole_lines(
            self.text,
            items.get(index)?,
        )?)];
        let mut is_removable = false;
        if let (true, Some(key)) = (is_only, key) {
            let colon = self.after_colon(key)?;
            let empty = match container.kind {
                Kind::List { .. } => " []",
                Kind::Absent | Kind::Leaf(_) | Kind::Map { .. } => " {}",
            };
            match before {
                Some(Before::Empty(text)) => splices.push(Splice::insert(colon, text.as_str())),
                Some(Before::Absent) if !self.has_comments(key, items.get(index)?.end) => {
                    is_removable = true;
                }
                // Null would not do for all programs.
                _ => splices.push(Splice::insert(colon, empty)),
            }
        }
        let text = splice::apply(self.text, splices);
        Some(match before {
            Some(Before::NoDocument(before)) if text.trim().is_empty() => (before.clone(), false),
            _ => (text, is_removable),
        })
    }

    fn removed_from_flow(
        &self,
        flow: &Flow<'_>,
        index: usize,
        before: Option<&Before>,
    ) -> Option<(String, bool)> {
        let is_removable = matches!(before, Some(Before::Absent)) && flow.comments.is_empty();
        let splices = match before {
            Some(Before::Empty(text)) if flow.comments.is_empty() || text.contains('#') => {
                vec![Splice::replace(flow.inside.clone(), text.as_str())]
            }
            _ => flow.delete(index),
        };
        Some((splice::apply(self.text, splices), is_removable))
    }

    /// True if a comment below a key would stay if the only item below the key were removed.
    fn has_comments(&self, key: &Node, end: usize) -> bool {
        let least = indentation(self.text, key.range.start).len() + 1;
        let ends = [key.range.end, end].map(|at| {
            let line = self.text.get(at..).unwrap_or_default().find('\n');
            line.map_or(self.text.len(), |line| at + line)
        });
        ends.iter()
            .any(|&end| lines::after_comments(self.text, end, least) > end)
    }
}
