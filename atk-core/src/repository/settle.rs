//! Finding out whether an interrupted commit was made, and completing one that was.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use git2::Oid;

use super::commit_request::{CommitOutcome, CommitRequest};
use super::head_ref::Head;
use super::index_lock::IndexLock;
use super::journal::Attempt;
use super::lock_file::{LockFile, lock_path};
use super::program::Run;
use super::served::InProcessResult;
use super::{Backend, Repository, in_process, move_ref, reflog, selection, signature};
use crate::error::{Error, Result};
use crate::host::CancelToken;
use crate::model::pin::Pin;

/// For how long a lock of a dead git process must not change before it is removed. A git process
/// that lives holds the lock of a ref for milliseconds.
const UNCHANGED: Duration = Duration::from_millis(500);

/// How many commits the user may have put on top of an interrupted one for it to be found.
const SEARCHED: &str = "--max-count=1000";

impl Repository {
    /// The commit that an attempt made; `None` if it made none. Locks that it left are removed.
    ///
    /// # Errors
    /// HEAD could not be asked.
    pub(crate) fn settle(&self, attempt: &Attempt) -> Result<Option<Pin>> {
        match attempt {
            Attempt::Own { name, new, .. } => {
                let content = move_ref::content(new.as_str());
                // Dropping it removes it.
                let is_ours = |found: &[u8]| found == content;
                drop(LockFile::adopt(&self.ref_path(name), &is_ours));
                Ok(self.is_in_history(new)?.then(|| new.clone()))
            }
            Attempt::Program {
                started, old, date, ..
            } => {
                let started = SystemTime::UNIX_EPOCH
                    + Duration::from_secs(u64::try_from(*started).unwrap_or_default());
                self.remove_dead_locks(self.commit_locks()?, started)?;
                self.find_commit_of_program(old.as_ref(), *date)
            }
        }
    }

    /// The process that may still be at work on an attempt.
    pub(crate) fn busy(&self, attempt: &Attempt) -> Option<u32> {
        match attempt {
            Attempt::Own { .. } => None,
            Attempt::Program { git, .. } => git.is_alive().then(|| git.pid()),
        }
    }

    /// Does what remains to be done for a commit that was made: the index shows it, the logs name
    /// it, and all is on the disk. What cannot be done now is in the outcome.
    pub(crate) fn complete(
        &self,
        request: &CommitRequest<'_>,
        attempt: &Attempt,
        made: &Pin,
    ) -> CommitOutcome {
        CommitOutcome {
            commit: Some(made.clone()),
            unfinished: self.try_complete(request, attempt, made).err(),
        }
    }

    fn try_complete(
        &self,
        request: &CommitRequest<'_>,
        attempt: &Attempt,
        made: &Pin,
    ) -> Result<()> {
        if let Attempt::Own { name, old, .. } = attempt {
            self.sync_ref(name)?;
            let old = old.as_ref().and_then(|id| Oid::from_str(id.as_str()).ok());
            let name = name.clone();
            reflog::complete(self, &Head { name, old }, made, request.message);
        }
        // The index was not changed since: what was prepared is what it must become.
        if let Some(lock) = IndexLock::adopt(self)
            && lock.ready().exists()
        {
            if let Attempt::Program { tree, .. } = attempt {
                self.as_program("an interrupted commit must be completed")
                    .follow_hooks(tree, made, &lock.ready())?;
                self.sync_written()?;
            }
            return lock.publish();
        }
        self.update_index(request)
    }

    /// Brings the index up to HEAD for the paths of a commit.
    fn update_index(&self, request: &CommitRequest<'_>) -> Result<()> {
        // The commit stands: a cancel comes too late.
        let never = CancelToken::new();
        let paths = selection::checked(request.paths)?;
        let reason = match &self.engine {
            Backend::Program(reason) => reason.clone(),
            Backend::InProcess => {
                let lock = IndexLock::acquire(self, request.patience, &never)?;
                match in_process::update_index(self, &paths, lock, &never)? {
                    InProcessResult::Done(()) => return Ok(()),
                    InProcessResult::NeedsProgram(reason) => reason,
                }
            }
        };
        self.update_index_by_program(&paths, &reason, request.patience)
    }

    /// The locks that a commit of the git program takes.
    pub(super) fn commit_locks(&self) -> Result<Vec<PathBuf>> {
        let mut locks = vec![
            lock_path(&self.git_dir.join("HEAD")),
            lock_path(&self.git_dir.join("reftable/tables.list")),
            lock_path(&self.common_dir.join("reftable/tables.list")),
        ];
        if self.engine == Backend::InProcess
            && let InProcessResult::Done(head) = Head::read(self, &self.open_in_process()?)?
        {
            locks.push(lock_path(&self.ref_path(&head.name)));
        }
        locks.dedup();
        Ok(locks)
    }

    /// Removes those of the locks that a dead git process left. Git writes no name into them, so
    /// they must be younger than that process, and stay as they are for a while.
    pub(super) fn remove_dead_locks(&self, locks: Vec<PathBuf>, started: SystemTime) -> Result<()> {
        let seen: Vec<_> = locks.iter().filter_map(modified).collect();
        let is_younger = |time: &SystemTime| *time >= started;
        if !seen.iter().any(is_younger) {
            return Ok(());
        }
        let before: Vec<_> = locks.iter().map(|lock| (lock, modified(lock))).collect();
        let end = Instant::now() + UNCHANGED;
        while Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
            if before.iter().all(|(lock, _)| modified(lock).is_none()) {
                return Ok(());
            }
        }
        for (lock, time) in before {
            if time.as_ref().is_some_and(is_younger) && modified(lock) == time {
                fs::remove_file(lock).map_err(|error| Error::io("cannot remove", lock, error))?;
            }
        }
        Ok(())
    }

    /// The commit that the git program made: the one on `old` with our name and its date. Hooks
    /// may have given it another message and tree.
    fn find_commit_of_program(&self, old: Option<&Pin>, date: i64) -> Result<Option<Pin>> {
        let git = self.as_program("a commit was interrupted");
        let Some(head) = git.head()? else {
            return Ok(None);
        };
        if Some(&head) == old {
            return Ok(None);
        }
        let range = match old {
            Some(old) => format!("{old}..{head}"),
            None => head.to_string(),
        };
        let said = git.run(Run::new(&[
            "rev-list",
            "--first-parent",
            SEARCHED,
            "--format=%H %ct %ce %P",
            &range,
        ]))?;
        let listed = said.succeeded()?.stdout;
        let parent = old.map_or("", Pin::as_str);
        String::from_utf8_lossy(&listed)
            .lines()
            .filter(|line| !line.starts_with("commit "))
            .find_map(|line| {
                let mut fields = line.splitn(4, ' ');
                let id = fields.next()?;
                let is_ours = fields.next() == Some(date.to_string().as_str())
                    && fields.next() == Some(signature::EMAIL)
                    && fields.next() == Some(parent);
                is_ours.then(|| Pin::new(id))
            })
            .transpose()
    }

    /// The same repository, with the git program at work on it.
    pub(super) fn as_program(&self, reason: &str) -> Repository {
        match &self.engine {
            Backend::Program(_) => self.clone(),
            Backend::InProcess => Repository {
                engine: Backend::Program(reason.to_owned()),
                ..self.clone()
            },
        }
    }
}

fn modified(path: &PathBuf) -> Option<SystemTime> {
    fs::symlink_metadata(path).ok()?.modified().ok()
}
