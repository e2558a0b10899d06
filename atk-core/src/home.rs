//! The home: the only module that changes one.
//!
//! ```text
//! <home>/
//!   manifest.yaml  .gitignore  plugins/<directory>/…
//!   .git/atk/                 the scratch: on the home's file system, never tracked
//!     trusted                 empty; there if the home may run and push on this machine
//!     unconfirmed             empty; there if ATK put files into the home before that was asked
//!     lock                    held (flock) by the one operation that changes the home; says who
//!     transaction/journal     there while a transaction is unfinished
//!     transaction/<n>         what record <n> of the journal took away, until the commit
//!     transaction/<n>.pieces  the same, while it is moved entry by entry: overlayfs renames no directories
//!     temp/                   new files, before they are put in place
//!     discarded/              what is no longer needed, until it is deleted
//!     trash/<time>/<directory>/.env   answers of removed plugins, for 30 days
//!     staging/<id>, <id>.lock whole directories that an operation prepares
//!     receipts/<directory>.json
//!     backups/<directory>/<time>/…
//! ```
//!
//! If `.git` is a file (a worktree, a submodule) the scratch is `atk/` in the git directory that the
//! file names, as `git rev-parse --git-dir` prints it. It never lies in the work tree: what is there
//! can be tracked, and a tracked journal would be a stranger's. [`HomePath`]s and the journal call
//! it `.git/atk` in any case.
//!
//! Scratch and home must lie on one mount, because files are moved between them by renames. If a
//! worktree lies elsewhere than its git directory, reading works and every change is refused.
//!
//! # The promise
//!
//! After an error, a cancel, a panic, `kill -9` or a power cut the home is as it was before the
//! operation, or as it is after it; and no byte of the user's is lost. Three rules make it so:
//!
//! 1. **Nothing is unlinked that was there.** What a transaction replaces or removes is set aside
//!    in the scratch, by a rename or (for a file that readers must never miss) a hard link.
//! 2. **The journal speaks first.** A record that says how to take a change back is on the disk
//!    before the change begins.
//! 3. **The journal is a stack.** Undoing takes the last record back, then cuts it off. Cutting
//!    needs no free space, so a full disk cannot stop a rollback, and a rollback that was
//!    interrupted goes on where it stopped.
//!
//! Journal and set-aside files lie in one directory, so one rename ends a transaction: at no moment
//! is there a journal without the files that it needs, or the reverse.
//!
//! Each record carries the identity (inode, size, modification time) of what is put in place, and
//! each undo decides by what it finds. So it makes no difference whether the change of the topmost
//! record had not begun, was half done, done, or half undone already; that is what makes recovery
//! repeatable.
//!
//! # A transaction's states
//!
//! ```text
//!            first record              commit record               git commit made
//!  (nothing) ───────────▶  changing  ───────────────▶  committed ───────────────────▶ (clean up) ─▶ (nothing)
//!                             │                            │
//!                             │ error, cancel, panic       │ git refuses: the commit record is cut off
//!                             ▼                            │
//!                        rolling back ◀────────────────────┘
//!                             │ the last record is cut off, the journal deleted
//!                             ▼
//!                         (nothing)
//! ```
//!
//! | the process ends | on the disk | the next operation |
//! |---|---|---|
//! | before the first record is synced | no journal, or a torn one; perhaps files in `temp` | deletes them |
//! | between a record and its change | a record without a change | sees that nothing was done, cuts the record off |
//! | within a change (set aside, not yet replaced) | the old file is set aside | puts it back |
//! | after a change | the new file is in place, the old one set aside | takes the new one away, puts the old one back |
//! | before the commit record is synced | as above; a torn last line counts as none | rolls back |
//! | after it, before git's commit | everything is in place, HEAD is old | makes the commit; where git refuses, rolls back |
//! | after git's commit | HEAD is new | sees that there is nothing left to commit, cleans up |
//! | while cleaning up | no journal; old files in `discarded` | deletes them |
//! | while rolling back | fewer records than there were | undoes the rest |
//!
//! All changes are synced before the commit record is written, and git's commit before the journal
//! goes, so the table holds for power cuts too. A torn line at the journal's end is a
//! record whose change never began. Anything else that cannot be read there is an error: the
//! journal is never guessed at.
//!
//! # What rollback leaves alone
//!
//! `plugins/<directory>/custom/` and `plugins/<directory>/.env` are the user's. A rollback takes
//! back what the transaction itself wrote there, if it is still as the transaction wrote it. What
//! another process put there meanwhile stays in place, and the older bytes go to `backups`. Any other
//! file that was changed behind the transaction's back is put back as it was, and the foreign
//! version goes to `backups`, with a warning.
//!
//! A plugin directory that a transaction began ([`Transaction::place_plugin`]) is the
//! transaction's, with all that an install command makes in it: rolling back empties it, except
//! for the user's two. Effects outside the plugin directory are not undone.

mod backup;
mod build;
mod caller;
mod change;
mod change_in_progress;
mod checkpoint;
mod commit;
mod create;
mod custom;
mod dir;
mod execute;
mod git_commit;
mod identity;
mod journal;
mod keep;
mod lock;
mod locked;
mod locking;
mod look;
mod manifest;
mod mark;
mod merge;
mod note;
mod older;
mod path;
mod pieces;
mod planner;
mod plugin_dir;
mod preserve;
mod quick;
mod receipt;
mod record;
mod recovery;
mod rollback;
mod root;
mod rules;
mod scratch;
mod staging;
#[cfg(test)]
mod tests;
mod transaction;
mod trash;
mod turn;
mod undo;
mod unfinished;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustix::fs::FileType;

use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::repository::RepositoryStatus;
use crate::repository::{GitAccess, Repository};
use checkpoint::Steps;
use root::Root;

pub use caller::Caller;
pub(crate) use change::{Access, Change};
pub(crate) use change_in_progress::ChangeInProgress;
pub use checkpoint::Checkpoint;
pub(crate) use commit::{CommitFailed, CommitPlan};
pub(crate) use create::{ExistingFiles, NewHome, create, find};
pub use lock::LockWait;
pub(crate) use locked::LockedHome;
pub(crate) use look::PathState;
pub(crate) use path::HomePath;
pub(crate) use receipt::{FileKind, Receipt, ReceiptFile};
pub(crate) use transaction::Transaction;
pub(crate) use trash::TrashedEnv;

/// A valid home: a manifest, and a git repository at its root. `plugins/` may be missing.
///
/// Reading takes no lock, and never follows a link below the root.
#[derive(Debug)]
pub(crate) struct HomeDir {
    root: Root,
    access: GitAccess,
    steps: Steps,
}

impl HomeDir {
    /// Opens the home at `root`, which may itself be a link.
    ///
    /// # Errors
    /// [`ErrorKind::HomeNotInitialized`]; [`ErrorKind::HomeInvalid`] if the manifest is no
    /// regular file.
    pub(crate) fn open(
        root: &Path,
        access: &GitAccess,
        checkpoint: Option<Checkpoint>,
    ) -> Result<HomeDir> {
        let resolved = root.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                not_initialized(root)
            }
            _ => Error::io("cannot open", root, error),
        })?;
        if !resolved.is_dir() {
            return Err(not_initialized(root));
        }
        let home = HomeDir::unchecked(Root::open(&resolved)?, access, checkpoint);
        home.check()?;
        Ok(home)
    }

    fn unchecked(root: Root, access: &GitAccess, checkpoint: Option<Checkpoint>) -> HomeDir {
        HomeDir {
            root,
            access: access.clone(),
            steps: Steps::new(checkpoint),
        }
    }

    /// Checks that manifest and git directory are there.
    fn check(&self) -> Result<()> {
        let Some(manifest) = self.root.stat(OsStr::new("manifest.yaml"))? else {
            return Err(not_initialized(self.root.path()));
        };
        if !self.root.exists(OsStr::new(".git"))? {
            return Err(no_repository(self.root.path()));
        }
        if FileType::from_raw_mode(manifest.st_mode) != FileType::RegularFile {
            let path = self.root.path().join("manifest.yaml");
            return Err(Error::new(
                ErrorKind::HomeInvalid,
                format!("`{}` is not a regular file", path.display()),
            )
            .with_path(path));
        }
        Ok(())
    }

    /// The home's repository.
    ///
    /// # Errors
    /// Those of [`Repository::open`].
    pub(crate) fn open_repository(&self) -> Result<Repository> {
        self.root.check_git_dir()?;
        Repository::open(self.root.path(), &self.access)
    }

    /// The state of the repository, for a person.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`], [`ErrorKind::GitMissing`].
    pub(crate) fn overview(&self) -> Result<RepositoryStatus> {
        self.open_repository()?.overview()
    }

    /// The home's path, without links.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The text of the manifest.
    ///
    /// # Errors
    /// [`ErrorKind::HomeNotInitialized`] if it is not there; [`ErrorKind::HomeInvalid`] if
    /// it is not UTF-8.
    pub(crate) fn manifest_text(&self) -> Result<String> {
        let path = self.root.path().join("manifest.yaml");
        let bytes = self
            .read(&HomePath::manifest())?
            .ok_or_else(|| not_initialized(self.root.path()))?;
        text_of_manifest(bytes, path)
    }

    /// The bytes of a regular file; `None` if there is nothing.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`] for a link, there or on the way (but for a plugin's `custom`), and
    /// for anything that is no file; [`ErrorKind::Io`].
    pub(crate) fn read(&self, path: &HomePath) -> Result<Option<Vec<u8>>> {
        if let Ok(found) = quick::read(&self.root, path) {
            return Ok(found);
        }
        match self.parent_to_read(path)? {
            Some(parent) => parent.read(path.name()),
            None => Ok(None),
        }
    }

    /// True if there is something, a link included.
    ///
    /// # Errors
    /// As [`HomeDir::read`], for what lies on the way.
    pub(crate) fn exists(&self, path: &HomePath) -> Result<bool> {
        match self.parent_to_read(path)? {
            Some(parent) => parent.exists(path.name()),
            None => Ok(false),
        }
    }

    /// The names of the entries of a directory, in order; `None` if there is no such directory.
    ///
    /// # Errors
    /// As [`HomeDir::read`].
    pub(crate) fn names(&self, path: &HomePath) -> Result<Option<Vec<std::ffi::OsString>>> {
        self.root.below(path)?.map(|dir| dir.names()).transpose()
    }

    /// The absolute path of a plugin's directory, which need not exist.
    pub(crate) fn plugin_dir(&self, plugin: &PluginDir) -> PathBuf {
        self.root.path().join(HomePath::plugin(plugin).as_path())
    }

    /// The absolute path of what is, or may come to be, at a path of the home.
    pub(crate) fn absolute(&self, path: &HomePath) -> PathBuf {
        self.root.at(path)
    }

    /// The path of ATK's own directory in the home.
    pub(crate) fn scratch_dir(&self) -> PathBuf {
        self.root.at(&HomePath::scratch())
    }

    /// The pin of the files that are on disk. None if nothing, or nothing of that form, says
    /// it.
    pub(crate) fn stamp(&self, plugin: &PluginDir) -> Option<Pin> {
        let bytes = self.read(&HomePath::stamp(plugin)).ok().flatten()?;
        Pin::new(std::str::from_utf8(&bytes).ok()?.trim()).ok()
    }
}

fn text_of_manifest(bytes: Vec<u8>, path: PathBuf) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        Error::new(
            ErrorKind::HomeInvalid,
            format!("`{}` is not UTF-8", path.display()),
        )
        .with_path(path)
        .with_cause(error)
    })
}

/// The error for a directory with a manifest that is no git repository.
fn no_repository(root: &Path) -> Error {
    Error::new(
        ErrorKind::HomeNotInitialized,
        format!(
            "`{}` has a `manifest.yaml`, but is not a git repository",
            crate::text::escape(&root.to_string_lossy())
        ),
    )
    .with_path(root)
    .with_help("run `git init` in it to keep its history, or `atk init --adopt` to also commit it")
}

fn not_initialized(root: &Path) -> Error {
    Error::new(
        ErrorKind::HomeNotInitialized,
        format!(
            "`{}` is not a home: a home has a `manifest.yaml` and is a git repository",
            crate::text::escape(&root.to_string_lossy())
        ),
    )
    .with_path(root)
}
