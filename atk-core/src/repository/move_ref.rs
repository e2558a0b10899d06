//! Moving the branch at HEAD to a new commit, by git's rules for ref files.
//!
//! libgit2 would do it too. But its lock is a file without a mark, and a process that is killed
//! while it holds one leaves a repository in which nothing can be committed any more.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use git2::Oid;

use super::commit_request::CommitRequest;
use super::head_ref::{self, Head};
use super::journal::{Attempt, CommitJournal};
use super::lock_file::LockFile;
use super::served::InProcessResult;
use super::{Repository, failure, lock_holder, reflog};
use crate::error::{Error, ErrorKind, Result};
use crate::host::CancelToken;
use crate::model::pin::Pin;

/// What a ref file, and its lock, holds.
pub(super) fn content(id: &str) -> Vec<u8> {
    format!("{id}\n").into_bytes()
}

impl Repository {
    /// The file of a ref, which need not exist.
    pub(super) fn ref_path(&self, name: &str) -> PathBuf {
        // Each worktree has these for itself.
        let own = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];
        let is_own = name == "HEAD" || own.iter().any(|prefix| name.starts_with(prefix));
        let directory = if is_own {
            &self.git_dir
        } else {
            &self.common_dir
        };
        directory.join(name)
    }

    /// Moves a ref, and writes the move into the logs. Before the move, each step can fail and
    /// nothing has happened; after it nothing fails any more, and what could not be waited for is
    /// the answer.
    ///
    /// # Errors
    /// With [`lock_holder::Held`] as its cause if another process holds the ref, or has just moved
    /// it.
    pub(super) fn move_ref(
        &self,
        head: &Head,
        new: Oid,
        request: &CommitRequest<'_>,
        journal: &mut dyn CommitJournal,
        cancel: &CancelToken,
    ) -> Result<Option<Error>> {
        let pin = Pin::new(&new.to_string())?;
        journal.at("commit-record-ref");
        journal.record(&Attempt::Own {
            name: head.name.clone(),
            old: head.old.map(|id| Pin::new(&id.to_string())).transpose()?,
            new: pin.clone(),
        })?;
        let target = self.ref_path(&head.name);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)
                .map_err(|error| Error::io("cannot create", parent, error))?;
        }
        journal.at("ref-lock");
        let content = content(pin.as_str());
        let lock = LockFile::acquire(
            &target,
            &content,
            // Below `refs/` git would take the file for a ref.
            if head.name == "HEAD" {
                &self.git_dir
            } else {
                &self.common_dir
            },
            &|found| found == content,
            request.patience,
            cancel,
        )?;
        journal.at("ref-check");
        // A fresh look: it must not see what was cached before the lock was taken.
        let now = Head::read(self, &self.open_in_process()?)?;
        if !matches!(&now, InProcessResult::Done(now) if now == head) {
            return Err(self.has_moved());
        }
        journal.at("ref-rename");
        become_ref(lock, &target).map_err(|error| Error::io("cannot replace", &target, error))?;
        journal.at("ref-sync");
        let unsynced = self.sync_ref(&head.name).err();
        journal.at("reflog");
        reflog::append(self, head, &pin, request.message);
        Ok(unsynced)
    }

    /// Waits until a ref is on the disk, with the directories that it lies in.
    pub(super) fn sync_ref(&self, name: &str) -> Result<()> {
        let path = self.ref_path(name);
        let top = if name == "HEAD" {
            self.git_dir.clone()
        } else {
            self.common_dir.join("refs")
        };
        for directory in path.ancestors().skip(1) {
            match File::open(directory).and_then(|directory| directory.sync_all()) {
                // Another process packed the refs meanwhile, and removed the empty directories.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                synced => {
                    synced.map_err(|error| Error::io("cannot sync", directory, error))?;
                }
            }
            if directory == top || directory == self.git_dir {
                break;
            }
        }
        Ok(())
    }

    fn has_moved(&self) -> Error {
        Error::new(
            ErrorKind::GitFailed,
            format!(
                "cannot commit in `{}`: another process moved its branch meanwhile",
                failure::shown(&self.root)
            ),
        )
        .with_path(&self.root)
        .with_help("run the command again")
        .with_cause(lock_holder::LockHeld)
    }

    /// True if a commit is HEAD or one of its ancestors.
    pub(super) fn is_in_history(&self, new: &Pin) -> Result<bool> {
        let repository = self.open_in_process()?;
        let head = head_ref::head_commit(&repository);
        let failed = |error| failure::not_made(&self.root, &error);
        let Some(head) = head.map_err(failed)? else {
            return Ok(false);
        };
        let Ok(new) = Oid::from_str(new.as_str()) else {
            return Ok(false);
        };
        if head.id() == new {
            return Ok(true);
        }
        match repository.graph_descendant_of(head.id(), new) {
            // The commit was never on the disk for good, or is gone: nothing leads to it.
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(false),
            found => found.map_err(failed),
        }
    }
}

/// Git leaves empty directories behind, and removes those that are in the way of a ref.
fn become_ref(lock: LockFile, target: &Path) -> io::Result<()> {
    if target.is_dir() {
        fs::remove_dir(target)?;
    }
    lock.become_target(target)
}
