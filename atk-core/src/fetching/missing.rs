//! What has to be asked for, so that the cache has what is wanted.

use std::collections::{HashMap, HashSet};

use super::object::{EntryKind, ObjectId};
use super::remote::TreeDepth;
use super::store::Store;
use crate::error::Result;
use git2::ObjectType;

/// What is missing of a set of commits.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MissingCommits {
    /// Commits that are missing themselves.
    pub(crate) commits: Vec<ObjectId>,
    /// Root trees of commits that are here.
    pub(crate) roots: Vec<ObjectId>,
    /// Trees below roots that are here.
    pub(crate) subtrees: Vec<ObjectId>,
}

impl MissingCommits {
    pub(crate) fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.roots.is_empty() && self.subtrees.is_empty()
    }
}

/// Finds what is missing of the commits and their trees to a depth.
///
/// # Errors
/// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed) if an object that is here breaks git's rules.
pub(crate) fn missing_commits(
    store: &Store,
    commits: &[ObjectId],
    depth: TreeDepth,
) -> Result<MissingCommits> {
    let mut missing = MissingCommits::default();
    let (mut commits_seen, mut roots_seen) = (HashSet::new(), HashSet::new());
    let mut seen = HashSet::new();
    for &commit in commits {
        if !commits_seen.insert(commit) {
            continue;
        }
        let Some(root) = store.commit(commit)? else {
            missing.commits.push(commit);
            continue;
        };
        if !roots_seen.insert(root) {
            continue;
        }
        let Some(entries) = store.tree(root)? else {
            missing.roots.push(root);
            continue;
        };
        let mut next: Vec<ObjectId> = match depth {
            TreeDepth::Root => continue,
            TreeDepth::Entries | TreeDepth::All => subtrees(&entries).collect(),
        };
        while let Some(id) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            match store.tree(id)? {
                None => missing.subtrees.push(id),
                Some(entries) if depth == TreeDepth::All => next.extend(subtrees(&entries)),
                Some(_) => {}
            }
        }
    }
    Ok(missing)
}

fn subtrees(entries: &[super::object::TreeEntry]) -> impl Iterator<Item = ObjectId> {
    let trees = entries.iter().filter(|entry| entry.kind == EntryKind::Tree);
    trees.map(|entry| entry.id)
}

/// Trees nested deeper than this are not looked for: a plugin that has such is refused once its
/// trees are read.
const MAX_DEPTH: usize = 512;

/// Finds what is missing of blobs and whole trees.
pub(crate) struct Missing<'s> {
    store: &'s Store,
    /// Blobs that a server left out because of their size; not asked for again.
    left_out: &'s HashSet<ObjectId>,
    trees: HashMap<ObjectId, SearchState>,
    wants: Vec<ObjectId>,
    /// Files that are here are read and checked, not only looked up.
    thorough: bool,
}

/// What is here of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SearchState {
    /// Everything.
    Whole,
    /// Something; the rest is among the wants.
    Part,
    /// No file: it is wanted as a whole, by whoever is furthest up.
    Nothing,
}

impl<'s> Missing<'s> {
    /// `thorough`: files that are here are read, so that damaged ones are found now, when they can
    /// still be asked for, and not when they are used.
    pub(crate) fn new(store: &'s Store, left_out: &'s HashSet<ObjectId>, thorough: bool) -> Self {
        Missing {
            thorough,
            store,
            left_out,
            trees: HashMap::new(),
            wants: Vec::new(),
        }
    }

    /// The ids to ask for: whole trees of which no file is here, and else exactly what is missing.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed) if a tree that is here breaks git's rules.
    pub(crate) fn of(mut self, ids: &[ObjectId]) -> Result<Vec<ObjectId>> {
        for &id in ids {
            let state = match self.store.kind(id) {
                Some(ObjectType::Tree) => self.tree(id, 0)?,
                Some(_) => SearchState::Whole,
                None => self.blob(id),
            };
            if state == SearchState::Nothing {
                self.wants.push(id);
            }
        }
        let mut seen = HashSet::new();
        self.wants.retain(|&id| seen.insert(id));
        Ok(self.wants)
    }

    fn tree(&mut self, id: ObjectId, depth: usize) -> Result<SearchState> {
        if let Some(&state) = self.trees.get(&id) {
            return Ok(state);
        }
        if depth > MAX_DEPTH {
            return Ok(SearchState::Whole);
        }
        let Some(entries) = self.store.tree(id)? else {
            self.trees.insert(id, SearchState::Nothing);
            return Ok(SearchState::Nothing);
        };
        let mut parts = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            let state = match entry.kind {
                EntryKind::Submodule => continue,
                EntryKind::Tree => self.tree(entry.id, depth + 1)?,
                EntryKind::File | EntryKind::Executable | EntryKind::Link => self.blob(entry.id),
            };
            parts.push((entry.id, state));
        }
        let all = |wanted| parts.iter().all(|&(_, state)| state == wanted);
        let state = match () {
            () if all(SearchState::Whole) => SearchState::Whole,
            () if all(SearchState::Nothing) => SearchState::Nothing,
            () => {
                let missing = parts.iter().filter(|part| part.1 == SearchState::Nothing);
                self.wants.extend(missing.map(|part| part.0));
                SearchState::Part
            }
        };
        self.trees.insert(id, state);
        Ok(state)
    }

    fn blob(&self, id: ObjectId) -> SearchState {
        let noted = self.left_out.contains(&id) || self.store.too_large(id).is_some();
        let here = match self.thorough {
            _ if noted => true,
            true => self.store.with_blob(id, |_| ()).is_some(),
            false => self.store.has(id),
        };
        match here {
            true => SearchState::Whole,
            false => SearchState::Nothing,
        }
    }
}

/// The files of trees that are not here.
///
/// # Errors
/// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed) if a tree that is here breaks git's rules.
pub(crate) fn absent_files(store: &Store, ids: &[ObjectId]) -> Result<Vec<ObjectId>> {
    let mut absent = Vec::new();
    let mut seen = HashSet::new();
    let mut next = ids.to_vec();
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        for entry in store.tree(id)?.unwrap_or_default().iter() {
            match entry.kind {
                EntryKind::Tree => next.push(entry.id),
                EntryKind::Submodule => {}
                EntryKind::File | EntryKind::Executable | EntryKind::Link => {
                    absent.extend((!store.has(entry.id)).then_some(entry.id));
                }
            }
        }
    }
    Ok(absent)
}
