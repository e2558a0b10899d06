//! The trees that were read last: those above many plugins are read for each of them.

use std::cell::RefCell;
use std::sync::Arc;

use super::object::{ObjectId, TreeEntry};

/// The entries of all trees that are kept: some megabytes.
const ENTRIES: usize = 1 << 16;
/// Trees above a plugin that is looked for, and some more.
const TREES: usize = 8;

#[derive(Debug, Default)]
pub(super) struct RecentTrees {
    /// The one that was used last is the last.
    trees: RefCell<Vec<(ObjectId, Arc<Vec<TreeEntry>>)>>,
}

impl RecentTrees {
    pub(super) fn get(&self, id: ObjectId) -> Option<Arc<Vec<TreeEntry>>> {
        let mut trees = self.trees.borrow_mut();
        let at = trees.iter().position(|(known, _)| *known == id)?;
        trees.get_mut(at..)?.rotate_left(1);
        trees.last().map(|(_, entries)| Arc::clone(entries))
    }

    /// Keeps a tree, and forgets those that were not used for longest. One that is too large is not
    /// kept.
    pub(super) fn keep(&self, id: ObjectId, entries: &Arc<Vec<TreeEntry>>) {
        if entries.len() > ENTRIES {
            return;
        }
        let mut trees = self.trees.borrow_mut();
        trees.push((id, Arc::clone(entries)));
        let mut total = 0;
        let newest = trees.iter().rev().take(TREES).take_while(|(_, entries)| {
            total += entries.len();
            total <= ENTRIES
        });
        let forgotten = trees.len() - newest.count();
        trees.drain(..forgotten);
    }
}

#[cfg(test)]
mod tests {
    use super::super::object::EntryKind;
    use super::*;

    fn id(number: u8) -> ObjectId {
        ObjectId(git2::Oid::from_bytes(&[number; 20]).unwrap())
    }

    fn tree(entries: usize) -> Arc<Vec<TreeEntry>> {
        let entry = TreeEntry {
            name: b"a".to_vec(),
            kind: EntryKind::File,
            id: id(0),
        };
        Arc::new(vec![entry; entries])
    }

    #[test]
    fn those_that_were_used_last_are_kept() {
        let recent = RecentTrees::default();
        for number in 0..TREES as u8 {
            recent.keep(id(number), &tree(1));
        }
        assert!(recent.get(id(0)).is_some());
        recent.keep(id(100), &tree(1));
        assert!(recent.get(id(0)).is_some(), "it was used");
        assert!(recent.get(id(1)).is_none(), "it was used before all others");
        assert_eq!(recent.trees.borrow().len(), TREES);
    }

    #[test]
    fn they_have_a_bound() {
        let recent = RecentTrees::default();
        recent.keep(id(1), &tree(ENTRIES + 1));
        assert!(recent.get(id(1)).is_none());
        recent.keep(id(2), &tree(ENTRIES / 2 + 1));
        recent.keep(id(3), &tree(ENTRIES / 2));
        assert!(recent.get(id(2)).is_none() && recent.get(id(3)).is_some());
        recent.keep(id(4), &tree(ENTRIES));
        assert!(recent.get(id(3)).is_none() && recent.get(id(4)).is_some());
    }
}
