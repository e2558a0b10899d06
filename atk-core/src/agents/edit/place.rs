//! Where an entry is in a file.

use serde_json::Value;

/// Where an entry is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// The value at the end of this path of keys.
    Key(&'a [&'a str]),
    /// In the list at a path of keys, the item whose field `by` has the value `name`.
    Item {
        list: &'a [&'a str],
        by: &'a str,
        name: &'a str,
    },
}

impl<'a> Place<'a> {
    /// The path of the object or list that holds the entry.
    pub(super) fn container(&self) -> &'a [&'a str] {
        match *self {
            Place::Key(path) => path.split_last().map_or(&[], |(_, container)| container),
            Place::Item { list, .. } => list,
        }
    }

    /// The key of the entry, if it has one.
    pub(super) fn key(&self) -> Option<&'a str> {
        match *self {
            Place::Key(path) => path.last().copied(),
            Place::Item { .. } => None,
        }
    }

    /// What is to be added to a container at so many keys of the path, if nothing of the rest of
    /// the path is there: the key and the value, with the value of the entry inside.
    pub(super) fn nested(&self, value: &Value, depth: usize) -> (Option<&'a str>, Value) {
        let mut key = self.key();
        let mut value = value.clone();
        let missing = self.container().get(depth..).unwrap_or_default();
        for outer in missing.iter().rev() {
            value = match key {
                Some(key) => Value::Object([(key.to_owned(), value)].into_iter().collect()),
                None => Value::Array(vec![value]),
            };
            key = Some(outer);
        }
        (key, value)
    }
}
