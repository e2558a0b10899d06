//! YAML. Values are read as the rest of ATK reads YAML; entries are added and removed as lines, or
//! within the brackets that hold their neighbours.

mod document;
mod editor;
mod found;
mod lines;
mod write;

use serde_json::Value;

use super::Problem;
use super::data::Data;
use super::place::Place;
use super::source::Source;
use super::splice::Splice;
use super::trace::Trace;
use crate::model::yaml::node::{self, ScalarKind};
use crate::model::yaml::{Budget, read};
use document::root;
use editor::Editor;
use found::{Found, key_of};

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
