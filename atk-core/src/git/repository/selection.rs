//! Which files a commit of some paths is about.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

use super::{ignore, shown};

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
}

/// What comes of looking at a repository that may need the git program.
pub(super) enum Served<T> {
    Done(T),
    /// libgit2 would do it otherwise than git, because of this ("the repository has …").
    NeedsProgram(String),
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
                format!("`{}` is no path inside the work tree", shown(path)),
            ));
        }
    }
    Ok(paths.iter().map(PathBuf::as_path).collect())
}

/// Lists the files below `paths`, of the work tree, of the index and of the commit at HEAD.
pub(super) fn select(
    repository: &git2::Repository,
    root: &Path,
    index: &git2::Index,
    head: Option<&git2::Tree<'_>>,
    paths: &[&Path],
) -> Result<Served<Selection>> {
    let git = |error| super::failed("cannot look at the files of", root, &error);
    let mut selection = Selection::default();
    if let Some(reason) = misread_outside(repository, root) {
        return Ok(Served::NeedsProgram(reason));
    }
    for path in paths {
        let mut tracked = BTreeSet::new();
        if let Some(reason) = tracked_in_index(index, path, &mut tracked)? {
            return Ok(Served::NeedsProgram(reason));
        }
        tracked_in_head(repository, head, path, &mut tracked).map_err(git)?;
        let mut walk = Walk {
            repository,
            root,
            tracked: &tracked,
            found: BTreeSet::new(),
            misread: None,
        };
        walk.start(path)?;
        if let Some(reason) = walk.misread {
            return Ok(Served::NeedsProgram(reason));
        }
        let found = walk.found;
        selection.gone.extend(tracked.difference(&found).cloned());
        selection.present.extend(found);
    }
    Ok(Served::Done(selection))
}

/// Ignore files outside the work tree.
fn misread_outside(repository: &git2::Repository, root: &Path) -> Option<String> {
    let excludes = repository
        .config()
        .and_then(|config| config.get_path("core.excludesFile"))
        .or_else(|_| git2::Config::find_xdg().map(|config| config.with_file_name("ignore")));
    [
        Some(repository.commondir().join("info/exclude")),
        excludes.ok(),
        Some(root.join(".gitignore")),
    ]
    .into_iter()
    .flatten()
    .find_map(|file| misread(&file))
}

fn misread(file: &Path) -> Option<String> {
    ignore::is_misread(file).then(|| format!("`{}` has a pattern like `*/`", shown(file)))
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

fn tracked_in_head(
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

/// A walk of the work tree, by git's rules.
struct Walk<'a> {
    repository: &'a git2::Repository,
    root: &'a Path,
    tracked: &'a BTreeSet<Vec<u8>>,
    found: BTreeSet<Vec<u8>>,
    misread: Option<String>,
}

impl Walk<'_> {
    /// Walks the file or directory at `path`. Directories above it that are links end it: what
    /// lies behind a link is not part of the work tree.
    fn start(&mut self, path: &Path) -> Result<()> {
        let mut above = path.ancestors().skip(1).collect::<Vec<_>>();
        above.reverse();
        for parent in above
            .into_iter()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            match self.root.join(parent).symlink_metadata() {
                Ok(meta) if meta.is_dir() => self.look_for_misread(parent),
                _ => return Ok(()),
            }
        }
        self.visit(path)
    }

    fn visit(&mut self, path: &Path) -> Result<()> {
        let full = self.root.join(path);
        let meta = match full.symlink_metadata() {
            Ok(meta) => meta,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io("cannot read", &full, error)),
        };
        let name = path.as_os_str().as_bytes();
        if meta.is_dir() {
            return self.visit_directory(path);
        }
        // Git tracks neither sockets nor pipes nor devices.
        if (meta.is_file() || meta.is_symlink())
            && (self.tracked.contains(name) || !self.is_ignored(path)?)
        {
            self.found.insert(name.to_vec());
        }
        Ok(())
    }

    fn visit_directory(&mut self, path: &Path) -> Result<()> {
        let mut prefix = path.as_os_str().as_bytes().to_vec();
        prefix.push(b'/');
        let has_tracked = self
            .tracked
            .range(prefix.clone()..)
            .next()
            .is_some_and(|next| next.starts_with(&prefix));
        if !has_tracked && self.is_ignored(path)? {
            return Ok(());
        }
        let full = self.root.join(path);
        if full.join(".git").symlink_metadata().is_ok() {
            return Err(nested_repository(path));
        }
        self.look_for_misread(path);
        let entries =
            fs::read_dir(&full).map_err(|error| Error::io("cannot read", &full, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Error::io("cannot read", &full, error))?;
            self.visit(&path.join(entry.file_name()))?;
        }
        Ok(())
    }

    fn is_ignored(&self, path: &Path) -> Result<bool> {
        self.repository
            .is_path_ignored(path)
            .map_err(|error| super::failed("cannot read the ignore rules for", path, &error))
    }

    fn look_for_misread(&mut self, directory: &Path) {
        let file = self.root.join(directory).join(".gitignore");
        self.misread = self.misread.take().or_else(|| misread(&file));
    }
}

/// The error for a repository where plain files were expected.
pub(super) fn nested_repository(path: &Path) -> Error {
    Error::new(
        ErrorKind::ContentRefused,
        format!(
            "`{}` is a git repository of its own: its files could not be tracked by the home's",
            shown(path)
        ),
    )
    .with_path(path)
    .with_help("remove the `.git` in it, or keep the repository elsewhere and use a copy")
}
