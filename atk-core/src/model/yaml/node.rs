//! A YAML document as nodes that know where they stand.

use std::rc::Rc;

use crate::error::Problem;

/// Where a node begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The file, as its author knows it (`plugin.yaml`, `custom/overrides.yaml`).
    pub(crate) file: Rc<str>,
    /// The line, counted from 1.
    pub(crate) line: u32,
    /// The column in characters, counted from 1.
    pub(crate) column: u32,
}

/// A node: a value and its place. Aliases share their target, so that copies cost nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) mark: Mark,
    pub(crate) value: Value,
}

/// What a node holds, typed as PyYAML's safe loader (YAML 1.1) types it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Scalar(Scalar),
    Sequence(Rc<Vec<Node>>),
    /// Keys in the order written; merge keys are applied, duplicate keys were an error.
    Mapping(Rc<Vec<(Node, Node)>>),
}

/// A scalar: what was written, and what PyYAML takes it for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scalar {
    /// The text, with quotes and escapes resolved, before any typing.
    pub(crate) text: Rc<str>,
    /// True if it stood without quotes, so that PyYAML guesses its type.
    pub(crate) plain: bool,
    /// The type.
    pub(crate) kind: ScalarKind,
}

/// The type that PyYAML's safe loader gives a scalar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ScalarKind {
    Null,
    Bool(bool),
    /// An integer; `None` if it does not fit.
    Int(Option<i64>),
    Float(f64),
    /// A date or a point in time.
    Timestamp,
    Binary,
    Str,
}

/// The type of a scalar, without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    Bool,
    Int,
    Float,
    Timestamp,
    Binary,
    Str,
}

impl Type {
    pub(crate) const ALL: [Type; 7] = [
        Type::Null,
        Type::Bool,
        Type::Int,
        Type::Float,
        Type::Timestamp,
        Type::Binary,
        Type::Str,
    ];

    /// The name that its tag has behind `!!`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Type::Null => "null",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Float => "float",
            Type::Timestamp => "timestamp",
            Type::Binary => "binary",
            Type::Str => "str",
        }
    }
}

impl ScalarKind {
    /// The type alone.
    pub(crate) fn type_only(&self) -> Type {
        match self {
            ScalarKind::Null => Type::Null,
            ScalarKind::Bool(_) => Type::Bool,
            ScalarKind::Int(_) => Type::Int,
            ScalarKind::Float(_) => Type::Float,
            ScalarKind::Timestamp => Type::Timestamp,
            ScalarKind::Binary => Type::Binary,
            ScalarKind::Str => Type::Str,
        }
    }
}

impl Mark {
    /// A problem of the document as a whole, seen at this place.
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        self.problem_of("", message)
    }

    /// A problem of a field (`ports[0].port`), seen at this place.
    pub(crate) fn problem_of(&self, field: &str, message: impl Into<String>) -> Problem {
        Problem::new(self.file.as_ref(), (self.line, self.column), field, message)
    }
}

impl Node {
    /// The pairs of a mapping.
    pub(crate) fn as_mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Mapping(pairs) => Some(pairs),
            Value::Scalar(_) | Value::Sequence(_) => None,
        }
    }

    /// The items of a sequence.
    pub(crate) fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            Value::Scalar(_) | Value::Mapping(_) => None,
        }
    }

    /// The scalar, of whatever type.
    pub(crate) fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// The text of a scalar that PyYAML takes for a string.
    pub(crate) fn as_str_scalar(&self) -> Option<&str> {
        self.as_scalar()
            .filter(|scalar| scalar.kind == ScalarKind::Str)
            .map(|scalar| scalar.text.as_ref())
    }

    /// True for the null scalar, written or left out.
    pub(crate) fn is_null(&self) -> bool {
        self.as_scalar()
            .is_some_and(|scalar| scalar.kind == ScalarKind::Null)
    }

    /// The pair of a mapping whose key is this string.
    pub(crate) fn pair(&self, key: &str) -> Option<&(Node, Node)> {
        self.as_mapping()?
            .iter()
            .find(|(name, _)| name.as_str_scalar() == Some(key))
    }

    /// The value of a mapping whose key is this string.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.pair(key).map(|(_, value)| value)
    }

    /// What the node holds, for messages: `a mapping`, `a date`.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.value {
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
            Value::Scalar(scalar) => match scalar.kind {
                ScalarKind::Null => "nothing",
                ScalarKind::Bool(_) => "a boolean",
                ScalarKind::Int(_) => "an integer",
                ScalarKind::Float(_) => "a number",
                ScalarKind::Timestamp => "a date",
                ScalarKind::Binary => "binary data",
                ScalarKind::Str => "a string",
            },
        }
    }
}
