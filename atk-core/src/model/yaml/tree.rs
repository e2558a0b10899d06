//! A document as plain data: what is compared and what is written.

use super::node::{Node, ScalarKind, Type, Value};

/// A value without places, quotes and comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    Leaf(Leaf),
    Sequence(Vec<Tree>),
    /// Pairs in order. Keys are scalars and differ.
    Mapping(Vec<(Leaf, Tree)>),
}

/// A scalar: its text and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) text: String,
    pub(crate) as_type: Type,
}

impl Leaf {
    pub(crate) fn str(text: impl Into<String>) -> Self {
        Leaf {
            text: text.into(),
            as_type: Type::Str,
        }
    }

    pub(crate) fn null() -> Self {
        Leaf {
            text: "null".to_owned(),
            as_type: Type::Null,
        }
    }

    pub(crate) fn bool(value: bool) -> Self {
        Leaf {
            text: if value { "true" } else { "false" }.to_owned(),
            as_type: Type::Bool,
        }
    }

    fn of(node: &Node) -> Option<Leaf> {
        let scalar = node.as_scalar()?;
        Some(match scalar.kind {
            ScalarKind::Null => Leaf::null(),
            ScalarKind::Bool(value) => Leaf::bool(value),
            ScalarKind::Int(_)
            | ScalarKind::Float(_)
            | ScalarKind::Timestamp
            | ScalarKind::Binary
            | ScalarKind::Str => Leaf {
                text: scalar.text.as_ref().to_owned(),
                as_type: scalar.kind.type_only(),
            },
        })
    }
}

impl Tree {
    pub(crate) fn str(text: impl Into<String>) -> Self {
        Tree::Leaf(Leaf::str(text))
    }

    /// A string, or null.
    pub(crate) fn str_or_null(text: Option<&str>) -> Self {
        Tree::Leaf(text.map_or_else(Leaf::null, Leaf::str))
    }

    pub(crate) fn bool(value: bool) -> Self {
        Tree::Leaf(Leaf::bool(value))
    }

    /// A mapping with these keys.
    pub(crate) fn mapping<const N: usize>(pairs: [(&str, Tree); N]) -> Self {
        let pair = |(key, value)| (Leaf::str(key), value);
        Tree::Mapping(pairs.into_iter().map(pair).collect())
    }

    /// The value of a mapping whose key is this string.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Tree> {
        match self {
            Tree::Mapping(pairs) => pairs
                .iter_mut()
                .find(|(name, _)| name.as_type == Type::Str && name.text == key)
                .map(|(_, value)| value),
            Tree::Leaf(_) | Tree::Sequence(_) => None,
        }
    }

    /// Removes a key of a mapping, if it has it.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Tree::Mapping(pairs) = self {
            pairs.retain(|(name, _)| name.as_type != Type::Str || name.text != key);
        }
    }

    /// Sets the value of a key of a mapping; a new key comes last. Anything but a mapping stays.
    pub(crate) fn set(&mut self, key: &str, value: Tree) {
        if let Some(old) = self.get_mut(key) {
            *old = value;
        } else if let Tree::Mapping(pairs) = self {
            pairs.push((Leaf::str(key), value));
        }
    }
}

impl From<&Node> for Tree {
    /// Nulls and booleans lose how they were written, other scalars keep it.
    fn from(node: &Node) -> Self {
        match &node.value {
            Value::Scalar(_) => Tree::Leaf(Leaf::of(node).unwrap_or_else(Leaf::null)),
            Value::Sequence(items) => Tree::Sequence(items.iter().map(Tree::from).collect()),
            Value::Mapping(pairs) => Tree::Mapping(
                pairs
                    .iter()
                    .filter_map(|(key, value)| Some((Leaf::of(key)?, Tree::from(value))))
                    .collect(),
            ),
        }
    }
}
