//! Which files a commit of some paths is about.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use super::Repository;
use super::config::GitConfig;
use super::entry_path::as_path;
use super::failure::{self, shown};
use super::served::InProcessResult;
use super::walk::{self, WalkedFiles};
use crate::error::{Error, ErrorKind, Result};

/// An index entry that is checked out only on request (a sparse checkout).
const SKIP_WORKTREE: u16 = 1 << 14;
const GITLINK: u32 = 0o160_000;

/// The files below some paths that a commit of these paths would look at.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// On disk, and tracked or not ignored. Relative to the work tree, parts separated by `/`.
    pub(super) present: BTreeSet<Vec<u8>>,
    /// Tracked, and no longer on disk.
    pub(super) gone: BTreeSet<Vec<u8>>,
    /// On disk, and left out of the commit.
    pub(super) left_out: UncommittedFiles,
    /// In the index or in the commit at HEAD.
    pub(super) tracked: BTreeSet<Vec<u8>>,
}

/// What git does not have of a directory once all that can be committed of it is committed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UncommittedFiles {
    /// Files that may hold secrets, unless they are committed as they are.
    pub(crate) secrets: Vec<PathBuf>,
    /// Files and whole directories that git ignores.
    pub(crate) ignored: Vec<PathBuf>,
    /// Submodules: git has the id of a commit, and none of the files.
    pub(crate) repositories: Vec<PathBuf>,
}

impl Selection {
    /// Adds what there is of a path, given which files below it are tracked. A secret that is named
    /// itself goes from git, and stays on disk.
    pub(super) fn add(&mut self, path: &Path, tracked: BTreeSet<Vec<u8>>, found: WalkedFiles) {
        let is_gone = |name: &&Vec<u8>| {
            let is_named = name.as_slice() == path.as_os_str().as_bytes();
            !found.files.contains(*name) && (is_named || !found.secrets.contains(*name))
        };
        self.gone.extend(tracked.iter().filter(is_gone).cloned());
        self.present.extend(found.files);
        let paths =
            |names: BTreeSet<Vec<u8>>| names.into_iter().map(|name| as_path(&name).to_owned());
        self.left_out.secrets.extend(paths(found.secrets));
        self.left_out.ignored.extend(paths(found.ignored));
        self.left_out.repositories.extend(paths(found.repositories));
        self.tracked.extend(tracked);
    }

    /// Fails unless a commit has every file that is selected: nothing that an operation put in
    /// place, or is about to delete, may be missing from history without a word.
    ///
    /// # Errors
    /// [`ErrorKind::CommitRefused`], naming the file.
    pub(super) fn check_complete(&self, committed: &BTreeSet<Vec<u8>>) -> Result<()> {
        let Some(missing) = self.present.difference(committed).next() else {
            return Ok(());
        };
        let path = as_path(missing);
        Err(Error::new(
            ErrorKind::CommitRefused,
            format!("the commit does not have `{}`", shown(path)),
        )
        .with_path(path)
        .with_help("a commit hook or a filter left the file out: check what they do with it"))
    }
}

/// Checks the paths of a request: relative, without `..`, and neither the whole work tree nor
/// git's own directory.
pub(super) fn checked(paths: &[PathBuf]) -> Result<Vec<&Path>> {
    for path in paths {
        let plain = path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let first = path.components().next();
        if !plain || first.is_none() || first == Some(Component::Normal(OsStr::new(".git"))) {
            return Err(Error::new(
                ErrorKind::Internal,
                format!("`{}` is not a path inside the work tree", shown(path)),
            ));
        }
    }
    Ok(paths.iter().map(PathBuf::as_path).collect())
}

/// Lists the files below `paths`, of the work tree, of the index and of the commit at HEAD.
pub(super) fn select(
    home: &Repository,
    config: &GitConfig,
    repository: &git2::Repository,
    index: &git2::Index,
    head: Option<&git2::Tree<'_>>,
    paths: &[&Path],
) -> Result<InProcessResult<Selection>> {
    let mut selection = Selection::default();
    for path in paths {
        let mut tracked = BTreeSet::new();
        if let Some(reason) = tracked_in_index(index, path, &mut tracked)? {
            return Ok(InProcessResult::NeedsProgram(reason));
        }
        in_tree(repository, head, path, &mut tracked)
            .map_err(|error| failure::failed("cannot examine the files of", &home.root, &error))?;
        let found = walk::walk(home, config, path, &tracked)?;
        selection.add(path, tracked, found);
    }
    Ok(InProcessResult::Done(selection))
}

/// Lists the files of a commit's tree at and below some paths.
pub(super) fn files_of(
    repository: &git2::Repository,
    tree: &git2::Tree<'_>,
    paths: &[&Path],
) -> Result<BTreeSet<Vec<u8>>, git2::Error> {
    let mut files = BTreeSet::new();
    for path in paths {
        in_tree(repository, Some(tree), path, &mut files)?;
    }
    Ok(files)
}

/// Adds the index entries at and below `path`. Returns why the git program is needed, if it is.
fn tracked_in_index(
    index: &git2::Index,
    path: &Path,
    tracked: &mut BTreeSet<Vec<u8>>,
) -> Result<Option<String>> {
    let name = path.as_os_str().as_bytes();
    let Ok(first) = index.find_prefix(name) else {
        return Ok(None);
    };
    let entries = (first..)
        .map_while(|n| index.get(n))
        .take_while(|entry| entry.path.starts_with(name));
    for entry in entries.filter(|entry| is_at_or_below(&entry.path, name)) {
        if (entry.flags >> 12) & 3 != 0 {
            return Err(Error::new(
                ErrorKind::HomeInProgress,
                format!(
                    "`{}` has conflicts that are not resolved",
                    crate::text::escape(&String::from_utf8_lossy(&entry.path))
                ),
            )
            .with_path(path));
        }
        if entry.flags_extended & SKIP_WORKTREE != 0 {
            return Ok(Some("the repository has a sparse checkout".into()));
        }
        if entry.mode == GITLINK {
            return Ok(Some(format!(
                "there is a submodule below `{}`",
                shown(path)
            )));
        }
        tracked.insert(entry.path);
    }
    Ok(None)
}

fn is_at_or_below(path: &[u8], base: &[u8]) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// Adds the files of a tree at and below `path`.
pub(super) fn in_tree(
    repository: &git2::Repository,
    head: Option<&git2::Tree<'_>>,
    path: &Path,
    tracked: &mut BTreeSet<Vec<u8>>,
) -> Result<(), git2::Error> {
    let Some(entry) = head.and_then(|tree| tree.get_path(path).ok()) else {
        return Ok(());
    };
    let base = path.as_os_str().as_bytes();
    if entry.kind() != Some(git2::ObjectType::Tree) {
        tracked.insert(base.to_vec());
        return Ok(());
    }
    let mut below = vec![(base.to_vec(), entry.id())];
    while let Some((name, id)) = below.pop() {
        for entry in &repository.find_tree(id)? {
            let path = [name.as_slice(), entry.name_bytes()].join(&b'/');
            match entry.kind() {
                Some(git2::ObjectType::Tree) => below.push((path, entry.id())),
                _ => {
                    tracked.insert(path);
                }
            }
        }
    }
    Ok(())
}
