//! What a server said of its refs.

use std::collections::{BTreeMap, BTreeSet};

use super::object::ObjectId;

/// The most bytes of a list of refs that are read: the largest public repositories have some hundred
/// thousand refs of less than 100 bytes each.
pub(crate) const LIST_BYTES: usize = 32 << 20;

/// What the server said of its refs.
#[derive(Debug, Default)]
pub(crate) struct Refs {
    /// The prefixes that were asked for; `HEAD` is always among the answer.
    pub(crate) asked: Option<BTreeSet<String>>,
    /// By their full names; of an annotated tag what is behind it.
    pub(crate) found: BTreeMap<String, ObjectId>,
}

impl Refs {
    /// The full name of the ref that points to a commit.
    pub(crate) fn name_of(&self, id: ObjectId) -> Option<&str> {
        let mut refs = self.found.iter();
        let found = refs.find(|(_, at)| **at == id);
        found.map(|(name, _)| name.as_str())
    }

    /// True if these were asked for.
    pub(crate) fn has_asked(&self, names: &[String]) -> bool {
        let asked = self.asked.as_ref();
        asked.is_some_and(|asked| names.iter().all(|name| asked.contains(name)))
    }
}
