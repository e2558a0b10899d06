//! A tree with some paths changed.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::{FileMode, ObjectType, Oid, Repository, Tree};

/// What becomes of a path: this mode and blob, or nothing.
pub(super) type NewContent = Option<(i32, Oid)>;

/// Changes, as a tree of names.
#[derive(Default)]
struct TreeLevel(BTreeMap<Vec<u8>, TreeNode>);

enum TreeNode {
    Leaf(NewContent),
    Below(TreeLevel),
}

/// Looks files up in a tree, many of one directory after another.
///
/// libgit2 reads and hashes each tree on the way again for every path: with 20,000 files in one
/// directory that takes minutes. Here the last directory is kept.
pub(super) struct TreeLookup<'r> {
    repository: &'r Repository,
    root: Option<&'r Tree<'r>>,
    last: Option<(Vec<u8>, Option<Tree<'r>>)>,
}

impl<'r> TreeLookup<'r> {
    pub(super) fn new(repository: &'r Repository, root: Option<&'r Tree<'r>>) -> Self {
        TreeLookup {
            repository,
            root,
            last: None,
        }
    }

    /// The entry at a path: its mode, id and kind.
    pub(super) fn get(&mut self, path: &[u8]) -> Option<(i32, Oid, Option<ObjectType>)> {
        let root = self.root?;
        let (directory, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (path.get(..slash)?, path.get(slash + 1..)?),
            None => (&b""[..], path),
        };
        let entry = if directory.is_empty() {
            root.get_name_bytes(name)?
        } else {
            if self.last.as_ref().is_none_or(|(last, _)| last != directory) {
                let tree = root
                    .get_path(Path::new(OsStr::from_bytes(directory)))
                    .and_then(|entry| self.repository.find_tree(entry.id()));
                self.last = Some((directory.to_vec(), tree.ok()));
            }
            let (_, tree) = self.last.as_ref()?;
            tree.as_ref()?.get_name_bytes(name)?
        };
        Some((entry.filemode(), entry.id(), entry.kind()))
    }
}

/// Writes the tree that is `base` with `changes` made. Only trees on the way to a change are
/// read and written, however large the rest is. `None`: nothing is left in it.
pub(super) fn write(
    repository: &Repository,
    base: Option<&Tree<'_>>,
    changes: &BTreeMap<Vec<u8>, NewContent>,
) -> Result<Option<Oid>, git2::Error> {
    let mut top = TreeLevel::default();
    for (path, change) in changes {
        top.insert(path, *change);
    }
    top.write(repository, base)
}

impl TreeLevel {
    fn insert(&mut self, path: &[u8], change: NewContent) {
        let mut parts = path.splitn(2, |byte| *byte == b'/');
        let name = parts.next().unwrap_or_default().to_vec();
        match (parts.next(), self.0.get_mut(&name)) {
            (Some(rest), Some(TreeNode::Below(level))) => level.insert(rest, change),
            // A file that goes makes room for a directory; a removal below a file says nothing.
            (Some(_), Some(TreeNode::Leaf(_))) if change.is_none() => {}
            (Some(rest), _) => {
                let mut level = TreeLevel::default();
                level.insert(rest, change);
                self.0.insert(name, TreeNode::Below(level));
            }
            // A file that comes wins over the removals below the directory it replaces.
            (None, Some(_)) if change.is_none() => {}
            (None, _) => {
                self.0.insert(name, TreeNode::Leaf(change));
            }
        }
    }

    fn write(
        &self,
        repository: &Repository,
        base: Option<&Tree<'_>>,
    ) -> Result<Option<Oid>, git2::Error> {
        let mut builder = repository.treebuilder(base)?;
        for (name, node) in &self.0 {
            let entry = match node {
                TreeNode::Leaf(change) => *change,
                TreeNode::Below(level) => {
                    let old = base
                        .and_then(|tree| tree.get_name_bytes(name))
                        .filter(|entry| entry.kind() == Some(ObjectType::Tree))
                        .map(|entry| repository.find_tree(entry.id()))
                        .transpose()?;
                    level
                        .write(repository, old.as_ref())?
                        .map(|id| (FileMode::Tree.into(), id))
                }
            };
            match entry {
                Some((mode, id)) => {
                    builder.insert(name.as_slice(), id, mode)?;
                }
                None if builder.get(name.as_slice())?.is_some() => {
                    builder.remove(name.as_slice())?
                }
                None => {}
            }
        }
        if builder.is_empty() {
            Ok(None)
        } else {
            builder.write().map(Some)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: i32 = 0o100_644;

    /// The tree as `path` lines, after `changes` (a leading `-` removes).
    fn after(start: &[&str], changes: &[&str]) -> Option<Vec<String>> {
        let dir = tempfile::tempdir().unwrap();
        let repository = Repository::init_bare(dir.path()).unwrap();
        let blob = repository.blob(b"x").unwrap();
        let change = |line: &&str| match line.strip_prefix('-') {
            Some(path) => (path.as_bytes().to_vec(), None),
            None => (line.as_bytes().to_vec(), Some((FILE, blob))),
        };
        let base = write(&repository, None, &start.iter().map(change).collect()).unwrap();
        let base = base.map(|id| repository.find_tree(id).unwrap());
        let id = write(
            &repository,
            base.as_ref(),
            &changes.iter().map(change).collect(),
        )
        .unwrap()?;
        let mut paths = Vec::new();
        let tree = repository.find_tree(id).unwrap();
        tree.walk(git2::TreeWalkMode::PreOrder, |parent, entry| {
            if entry.kind() == Some(ObjectType::Blob) {
                paths.push(format!("{parent}{}", entry.name().unwrap()));
            }
            git2::TreeWalkResult::Ok
        })
        .unwrap();
        Some(paths)
    }

    #[test]
    fn a_lookup_finds_what_libgit2_finds() {
        let dir = tempfile::tempdir().unwrap();
        let repository = Repository::init_bare(dir.path()).unwrap();
        let blob = repository.blob(b"x").unwrap();
        let paths = ["a", "b/c", "b/d/e", "f/g"];
        let changes = paths.map(|path| (path.as_bytes().to_vec(), Some((FILE, blob))));
        let id = write(&repository, None, &changes.into()).unwrap().unwrap();
        let tree = repository.find_tree(id).unwrap();
        let mut lookup = TreeLookup::new(&repository, Some(&tree));
        for path in [
            "a", "b", "b/c", "b/d/e", "b/x", "x/y", "a/b", "f/g", "b/c", "",
        ] {
            let expected = tree.get_path(Path::new(path)).ok().map(|e| e.id());
            assert_eq!(lookup.get(path.as_bytes()).map(|e| e.1), expected, "{path}");
        }
        assert!(TreeLookup::new(&repository, None).get(b"a").is_none());
    }

    #[test]
    fn files_and_directories_take_each_others_place() {
        let paths = |paths: &[&str]| {
            Some(
                paths
                    .iter()
                    .map(|path| (*path).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            after(&["a", "b/c"], &["-a", "a/x/y", "-b/c", "b"]),
            paths(&["a/x/y", "b"])
        );
        assert_eq!(after(&["a/b", "c"], &["-a/b"]), paths(&["c"]));
        assert_eq!(after(&["a/b"], &["-a/b"]), None);
        assert_eq!(after(&["a"], &["-nothing/there", "-b"]), paths(&["a"]));
    }
}
