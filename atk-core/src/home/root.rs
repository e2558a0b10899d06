//! The home's root directory, and its git directory, which need not lie in it.

use std::ffi::OsStr;
use std::ops::Deref;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::FileType;

use super::dir::Dir;
use super::path::{HomePath, journal_dir};
use crate::error::{Error, ErrorKind, Result};
use crate::repository::push_record;

/// The open root of a home.
///
/// A [`HomePath`] that begins with `.git` is a path in the home's real git directory
/// (`git rev-parse --git-dir`), wherever that is: for a worktree or a submodule, whose `.git` is a
/// file, it lies outside the home. So `.git/atk` always names the scratch, also in the journal.
#[derive(Debug)]
pub(super) struct Root {
    dir: Dir,
    git: GitDir,
}

#[derive(Debug)]
enum GitDir {
    /// `.git` is a directory of the home, or there is none yet.
    Inside,
    /// `.git` is a file or a link that names this directory.
    Elsewhere(Dir),
    /// `.git` names this directory, which cannot be opened.
    Missing(PathBuf),
}

impl Root {
    /// Opens the home's root at a path whose links have been resolved already.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub(super) fn open(path: &Path) -> Result<Root> {
        let dir = Dir::open(path)?;
        let git = GitDir::of(&dir)?;
        Ok(Root { dir, git })
    }

    /// Opens the directory that a path's last part lies in; None if it does not exist.
    pub(super) fn parent_of(&self, path: &HomePath) -> Result<Option<Dir>> {
        match path.parent() {
            Some(parent) => self.below(&parent),
            None => self.dir.duplicate().map(Some),
        }
    }

    /// Opens a directory of the home; None if some part of the path does not exist.
    pub(super) fn below(&self, path: &HomePath) -> Result<Option<Dir>> {
        match (&self.git, path.in_git_dir()) {
            (GitDir::Inside, _) | (_, None) => self.dir.below(path),
            (GitDir::Elsewhere(git), Some(None)) => git.duplicate().map(Some),
            (GitDir::Elsewhere(git), Some(Some(inner))) => git.below(&inner),
            (GitDir::Missing(_), Some(_)) => Ok(None),
        }
    }

    /// Opens the directory that a path's last part lies in, and makes what is missing of it.
    pub(super) fn parent_or_new(&self, path: &HomePath) -> Result<Dir> {
        match (&self.git, path.in_git_dir().flatten()) {
            (GitDir::Inside, _) | (_, None) => self.dir.parent_or_new(path),
            (GitDir::Elsewhere(git), Some(inner)) => git.parent_or_new(&inner),
            (GitDir::Missing(git), Some(_)) => Err(self.missing(git)),
        }
    }

    /// The absolute path of something in the home, for messages and outcomes.
    pub(super) fn at(&self, path: &HomePath) -> PathBuf {
        match (&self.git, path.in_git_dir().flatten()) {
            (GitDir::Elsewhere(git), Some(inner)) => git.path().join(inner.as_path()),
            _ => self.dir.path().join(path.as_path()),
        }
    }

    /// True if the path lies in a git directory outside the home.
    pub(super) fn is_outside(&self, path: &HomePath) -> bool {
        !matches!(self.git, GitDir::Inside) && path.in_git_dir().is_some()
    }

    /// True if a transaction of the home is unfinished, or was interrupted.
    pub(super) fn has_journal(&self) -> Result<bool> {
        let path = HomePath::scratch().child(journal_dir());
        match self.parent_of(&path) {
            Ok(Some(scratch)) => scratch.exists(path.name()),
            Ok(None) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// True if a transaction or a push of the home is unfinished, or was interrupted.
    pub(super) fn is_unfinished(&self) -> Result<bool> {
        let journal = HomePath::scratch().child(journal_dir());
        let push = HomePath::scratch().join(push_record::FILE_NAME)?;
        match self.parent_of(&journal)? {
            Some(scratch) => Ok(scratch.exists(journal.name())? || scratch.exists(push.name())?),
            None => Ok(false),
        }
    }

    /// Checks that the git directory that `.git` names is there.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`].
    pub(super) fn check_git_dir(&self) -> Result<()> {
        match &self.git {
            GitDir::Inside | GitDir::Elsewhere(_) => Ok(()),
            GitDir::Missing(git) => Err(self.missing(git)),
        }
    }

    /// Checks that the git directory lies on the home's file system, and on the same mount of it:
    /// ATK puts files in place, and sets them aside, by moving them from one to the other.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`].
    pub(super) fn check_one_file_system(&self) -> Result<()> {
        let GitDir::Elsewhere(git) = &self.git else {
            return Ok(());
        };
        if self.dir.mount()? == git.mount()? {
            return Ok(());
        }
        let shown = |path: &Path| crate::text::escape(&path.to_string_lossy());
        Err(Error::new(
            ErrorKind::HomeInvalid,
            format!(
                "the git directory `{}` is on another file system, or another mount, than the home \
                 `{}`, so files cannot be moved between them",
                shown(git.path()),
                shown(self.dir.path())
            ),
        )
        .with_path(git.path())
        .with_help(
            "move one of them with `git worktree move`, or clone the home to where it is used",
        ))
    }

    fn missing(&self, git: &Path) -> Error {
        let shown = |path: &Path| crate::text::escape(&path.to_string_lossy());
        Error::new(
            ErrorKind::HomeInvalid,
            format!(
                "`{}` names the git directory `{}`, which cannot be opened",
                shown(&self.dir.path().join(".git")),
                shown(git)
            ),
        )
        .with_path(git)
        .with_help("run `git worktree repair` in the main work tree, or clone the home again")
    }
}

impl Deref for Root {
    type Target = Dir;

    fn deref(&self) -> &Dir {
        &self.dir
    }
}

impl GitDir {
    fn of(root: &Dir) -> Result<GitDir> {
        let name = OsStr::new(".git");
        let kind = root
            .stat(name)?
            .map(|stat| FileType::from_raw_mode(stat.st_mode));
        let named = match kind {
            // A link is git's affair, and git follows it.
            Some(FileType::Symlink) => PathBuf::from(".git"),
            Some(FileType::RegularFile) => {
                let text = root.read(name)?.unwrap_or_default();
                let path = text.strip_prefix(b"gitdir:").unwrap_or_default();
                PathBuf::from(OsStr::from_bytes(path.trim_ascii()))
            }
            _ => return Ok(GitDir::Inside),
        };
        let named = root.path().join(named);
        let opened = named.canonicalize().ok().map(|path| Dir::open(&path));
        Ok(match opened {
            Some(Ok(dir)) => GitDir::Elsewhere(dir),
            Some(Err(_)) | None => GitDir::Missing(named),
        })
    }
}
