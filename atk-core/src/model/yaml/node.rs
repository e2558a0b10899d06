//! A YAML document as nodes that know where they stand.

use std::rc::Rc;

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
    /// True where it stood without quotes, so that PyYAML guesses its type.
    pub(crate) plain: bool,
    /// The type.
    pub(crate) kind: ScalarKind,
}

/// The type that PyYAML's safe loader gives a scalar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ScalarKind {
    Null,
    Bool(bool),
    /// An integer; `None` where it does not fit.
    Int(Option<i64>),
    Float(f64),
    /// A date or a point in time.
    Timestamp,
    Binary,
    Str,
}
