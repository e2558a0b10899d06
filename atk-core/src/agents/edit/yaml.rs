//! YAML. Values are read as the rest of ATK reads YAML; entries are added and removed as lines, or
//! within the brackets that hold their neighbours.

mod document;
mod lines;
mod write;

use serde_json::Value;

use super::Problem;
use super::data::Data;
use super::flow::Flow;
use super::jsonc::write::{written, written_item};
use super::layout::{Layout, indentation, newline};
use super::place::Place;
use super::source::Source;
use super::splice::{self, Splice};
use super::trace::{Before, Trace};
use crate::model::yaml::node::{self, ScalarKind};
use crate::model::yaml::{Budget, read};
use document::{Kind, Node, root};

const BUDGET: Budget = Budget {
    bytes: 16 << 20,
    nodes: 2_000_000,
};

/// What the document says.
pub(super) fn parse(source: &Source<'_>) -> Result<Data, Problem> {
    Ok(read(source.text, "", BUDGET)?.map_or(Data::NULL, |root| data(&root)))
}

/// Checks that nothing is in the way of an entry at this place.
pub(super) fn check(source: &Source<'_>, place: &Place<'_>) -> Result<(), Problem> {
    let root = read(source.text, "", BUDGET)?;
    let mut found = root.as_ref();
    for key in place.container() {
        found = match found.filter(|node| !node.is_null()) {
            Some(node) => mapping(node)?.get(key),
            None => return Ok(()),
        };
    }
    let Some(container) = found.filter(|node| !node.is_null()) else {
        return Ok(());
    };
    let Place::Item { by, name, .. } = *place else {
        return mapping(container).map(drop);
    };
    let wrong = || {
        container
            .mark
            .problem(format!("expected a list, found {}", container.describe()))
    };
    let items = container.as_sequence().ok_or_else(wrong)?.iter();
    let is_named =
        |item: &&node::Node| item.get(by).and_then(node::Node::as_str_scalar) == Some(name);
    match items.filter(is_named).nth(1) {
        Some(second) => {
            let message = format!("an item with the {by} `{name}` is declared twice");
            Err(second.mark.problem(message))
        }
        None => Ok(()),
    }
}

fn mapping(node: &node::Node) -> Result<&node::Node, Problem> {
    let wrong = || {
        node.mark
            .problem(format!("expected a mapping, found {}", node.describe()))
    };
    node.as_mapping().map(|_| node).ok_or_else(wrong)
}

/// The changes that set an entry.
pub(super) fn set(
    source: &Source<'_>,
    place: &Place<'_>,
    value: &Value,
) -> Result<(Vec<Splice>, Trace), Problem> {
    check(source, place)?;
    let mut trace = Trace::default();
    let root = root(source)?;
    let editor = Editor::new(source.text, root.as_ref());
    let found = Found::of(root.as_ref(), place);
    // An entry of a mapping that is merged into this one would be there again after a removal.
    let is_inherited = !matches!(found, Found::Entry(..)) && parse(source)?.get(place).is_some();
    if is_inherited {
        return Err(source.cannot_change());
    }
    let splices = match found {
        Found::Nothing => {
            trace.all_absent(place.container(), 0);
            editor.new_document(place, value, &mut trace)
        }
        Found::Entry(container, index) => editor.replaced(container, index, place, value),
        Found::Container(container, depth) => {
            trace.all_absent(place.container(), depth);
            editor.added(container, depth, place, value, &mut trace)
        }
        Found::Empty(key, old, depth) => {
            trace.all_absent(place.container(), depth);
            editor.filled(key, old, depth, place, value, &mut trace)
        }
    };
    Ok((splices.ok_or_else(|| source.cannot_change())?, trace))
}

/// The text without an entry, and without what `trace` says was made for it.
pub(super) fn remove(
    source: &Source<'_>,
    place: &Place<'_>,
    trace: &Trace,
) -> Result<String, Problem> {
    let mut text = source.text.to_owned();
    let mut entry = *place;
    loop {
        let source = source.with(&text);
        let root = root(&source)?;
        let Found::Entry(container, index) = Found::of(root.as_ref(), &entry) else {
            return Ok(text);
        };
        let path = entry.container();
        let editor = Editor::new(&text, root.as_ref());
        let key = key_of(root.as_ref(), path);
        let removed = editor.removed(container, index, key, trace.before(path));
        let (changed, is_removable) = removed.ok_or_else(|| source.cannot_change())?;
        text = changed;
        if !is_removable {
            return Ok(text);
        }
        entry = Place::Key(path);
    }
}

/// The key of the container at a path.
fn key_of<'a>(root: Option<&'a Node>, path: &[&str]) -> Option<&'a Node> {
    let mut found = (root?, None);
    for key in path {
        let (_, (name, value)) = found.0.pair(key)?;
        found = (value, Some(name));
    }
    found.1
}

/// What is at a place.
enum Found<'a> {
    Nothing,
    /// The entry, at this index of its container.
    Entry(&'a Node, usize),
    /// Not the entry, but this collection, at so many keys of the path to it.
    Container(&'a Node, usize),
    /// Not the entry, but a key without items: the key, its value, and how many keys lead to it.
    Empty(&'a Node, &'a Node, usize),
}

impl<'a> Found<'a> {
    fn of(root: Option<&'a Node>, place: &Place<'_>) -> Self {
        let Some(mut container) = root else {
            return Found::Nothing;
        };
        let path = place.container();
        for (depth, key) in path.iter().enumerate() {
            let Some((_, (name, value))) = container.pair(key) else {
                return Found::Container(container, depth);
            };
            let is_block = !container.is_flow();
            container = value;
            let is_empty = match &value.kind {
                Kind::Absent | Kind::Leaf(_) => true,
                Kind::Map { pairs, .. } => pairs.is_empty(),
                Kind::List { items, .. } => items.is_empty(),
            };
            if is_block && is_empty {
                return Found::Empty(name, value, depth + 1);
            }
        }
        let index = match *place {
            Place::Key(_) => place
                .key()
                .and_then(|key| container.pair(key))
                .map(|(at, _)| at),
            Place::Item { by, name, .. } => match &container.kind {
                Kind::List { items, .. } => items.iter().position(|item| {
                    let field = item.pair(by).and_then(|(_, (_, value))| value.text());
                    field == Some(name)
                }),
                Kind::Absent | Kind::Leaf(_) | Kind::Map { .. } => None,
            },
        };
        match index {
            Some(index) => Found::Entry(container, index),
            None => Found::Container(container, path.len()),
        }
    }
}

/// The changes of a text. Each is `None` if the text is written in a way that is not changed.
struct Editor<'t> {
    text: &'t str,
    /// What a level adds to the indentation.
    unit: String,
}

impl<'t> Editor<'t> {
    fn new(text: &'t str, root: Option<&Node>) -> Self {
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
    fn new_document(
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
    fn added(
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
    fn filled(
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
    fn replaced(
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
    fn removed(
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

fn data(node: &node::Node) -> Data {
    match &node.value {
        node::Value::Mapping(pairs) => {
            let pair = |(key, value): &(node::Node, node::Node)| {
                // A key that is no string differs from the string that looks like it.
                let name = match key.as_str_scalar() {
                    Some(text) => text.to_owned(),
                    None => format!("{:?}", data(key)),
                };
                (name, data(value))
            };
            Data::Map(pairs.iter().map(pair).collect())
        }
        node::Value::Sequence(items) => Data::List(items.iter().map(data).collect()),
        node::Value::Scalar(scalar) => Data::Leaf(match scalar.kind {
            ScalarKind::Null => Value::Null,
            ScalarKind::Bool(value) => value.into(),
            ScalarKind::Int(Some(number)) => number.into(),
            ScalarKind::Float(number) if number.is_finite() => number.into(),
            ScalarKind::Int(None)
            | ScalarKind::Float(_)
            | ScalarKind::Timestamp
            | ScalarKind::Binary
            | ScalarKind::Str => scalar.text.as_ref().into(),
        }),
    }
}
