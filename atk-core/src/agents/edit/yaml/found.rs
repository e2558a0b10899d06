//! Looks for a place in the nodes of a document.

use super::document::{Kind, Node};
use crate::agents::edit::place::Place;

/// What is at a place.
pub(super) enum Found<'a> {
    Nothing,
    /// The entry, at this index of its container.
    Entry(&'a Node, usize),
    /// Not the entry, but this collection, at so many keys of the path to it.
    Container(&'a Node, usize),
    /// Not the entry, but a key without items: the key, its value, and how many keys lead to it.
    Empty(&'a Node, &'a Node, usize),
}

impl<'a> Found<'a> {
    pub(super) fn of(root: Option<&'a Node>, place: &Place<'_>) -> Self {
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

/// The key of the container at a path.
pub(super) fn key_of<'a>(root: Option<&'a Node>, path: &[&str]) -> Option<&'a Node> {
    let mut found = (root?, None);
    for key in path {
        let (_, (name, value)) = found.0.pair(key)?;
        found = (value, Some(name));
    }
    found.1
}
