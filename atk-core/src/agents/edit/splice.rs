//! Changes of a text.

use std::ops::Range;

/// A part of a text and what comes in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    /// Bytes of the text; empty where something is inserted.
    pub(super) range: Range<usize>,
    pub(super) with: String,
}

impl Splice {
    pub(super) fn insert(at: usize, with: impl Into<String>) -> Self {
        Splice {
            range: at..at,
            with: with.into(),
        }
    }

    pub(super) fn replace(range: Range<usize>, with: impl Into<String>) -> Self {
        Splice {
            range,
            with: with.into(),
        }
    }

    pub(super) fn delete(range: Range<usize>) -> Self {
        Splice {
            range,
            with: String::new(),
        }
    }
}

/// Applies changes to a text. They do not overlap; what is inserted where another change begins comes
/// before it, and insertions at the same place keep their order.
pub(super) fn apply(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut changed = text.to_owned();
    for splice in splices.into_iter().rev() {
        changed.replace_range(splice.range, &splice.with);
    }
    changed
}
