//! Commits of exactly the paths that an operation changed.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::index_lock::IndexLock;
use super::journal::{CommitJournal, Remember};
use super::selection::{self, Served};
use super::{Engine, Repository, failed, in_process, lock_holder};
use crate::error::{Error, ErrorKind, Result};
use crate::host::Scope;
use crate::model::pin::Pin;

/// Author and committer.
pub(super) const NAME: &str = "ATK";
pub(super) const EMAIL: &str = "atk@localhost";

/// What to commit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CommitRequest<'a> {
    /// The message; its first line is the subject.
    pub(crate) message: &'a str,
    /// Files and whole directories, relative to the work tree. They need not exist: what was
    /// tracked there is then removed. What is neither there nor tracked is skipped.
    pub(crate) paths: &'a [PathBuf],
    /// How long to wait for a lock that another git process holds.
    pub(crate) patience: Duration,
}

/// A commit that is made, or was not needed.
#[derive(Debug, Default)]
pub(crate) struct CommitOutcome {
    /// None: there was nothing to commit.
    pub(crate) commit: Option<Pin>,
    /// Why the index does not show the commit yet, or why it may not survive a power cut. The
    /// commit stands all the same; [`Repository::complete`] does the rest.
    pub(crate) unfinished: Option<Error>,
}

/// Why there is no commit, as far as that is known.
#[derive(Debug)]
pub(crate) enum CommitError {
    /// It was not made, and will not be: a hook refused it, a secret is in the way.
    Refused(Error),
    /// It was not made now, because of what the user or another process is doing.
    Later(Error),
    /// Nothing tells whether it was made.
    Unknown(Error),
}

impl CommitError {
    /// The error, whatever it means.
    pub(crate) fn into_error(self) -> Error {
        match self {
            CommitError::Refused(error)
            | CommitError::Later(error)
            | CommitError::Unknown(error) => error,
        }
    }

    fn not_made(error: Error) -> Self {
        let is_later = lock_holder::is_held(&error)
            || matches!(
                error.kind(),
                ErrorKind::HomeInProgress | ErrorKind::Cancelled | ErrorKind::HomeLocked
            );
        if is_later {
            CommitError::Later(error)
        } else {
            CommitError::Refused(error)
        }
    }
}

impl Repository {
    /// Commits what is at these paths on disk, and nothing else: what the user has staged or
    /// changed elsewhere stays as it is, in the index and on disk. The content is what `git add`
    /// would store. Files that may hold secrets are left out, and untracked files that the
    /// home's `.gitignore` files ignore. Author and committer are ATK, and nothing is signed.
    ///
    /// The user's commit hooks run. Once it returns, the commit is on disk for good; if it fails,
    /// HEAD was asked, and index and HEAD are as before.
    ///
    /// # Errors
    /// [`CommitError`] around [`ErrorKind::HomeInProgress`]; [`ErrorKind::CommitRefused`] with a
    /// hook's output, or for a file that a hook left out; [`ErrorKind::ContentRefused`] for a
    /// nested repository, naming the path; [`ErrorKind::HomeInvalid`] for an attribute or ignore
    /// file that is a pipe; [`ErrorKind::GitMissing`] if only the git program could make it;
    /// [`ErrorKind::GitFailed`]; [`ErrorKind::Cancelled`].
    pub(crate) fn commit(
        &self,
        request: &CommitRequest<'_>,
        journal: &mut dyn CommitJournal,
        scope: Scope<'_>,
    ) -> Result<CommitOutcome, CommitError> {
        let mut journal = Remember::new(journal);
        let error = match self.try_commit(request, &mut journal, scope) {
            Ok(outcome) => return Ok(outcome),
            Err(error) => error,
        };
        // An error does not prove that HEAD is where it was.
        let Some(attempt) = journal.last else {
            return Err(CommitError::not_made(error));
        };
        match self.settle(&attempt) {
            Ok(None) => Err(CommitError::not_made(error)),
            Ok(Some(made)) => Ok(self.complete(request, &attempt, &made)),
            Err(unknown) => {
                let message = format!("{error}; whether it was made is not known: {unknown}");
                Err(CommitError::Unknown(error.with_message(message)))
            }
        }
    }

    fn try_commit(
        &self,
        request: &CommitRequest<'_>,
        journal: &mut dyn CommitJournal,
        scope: Scope<'_>,
    ) -> Result<CommitOutcome> {
        let paths = selection::checked(request.paths)?;
        if paths.is_empty() {
            return Ok(CommitOutcome::default());
        }
        self.check_settled()?;
        let reason = match self.needs_program()? {
            Some(reason) => reason,
            None => match self.commit_in_process(request, &paths, journal, scope)? {
                Served::Done(made) => return Ok(made),
                Served::NeedsProgram(reason) => reason,
            },
        };
        self.commit_by_program(request, &paths, &reason, journal, scope)
    }

    /// Tries again if another process holds the lock of a ref, or has just moved it.
    fn commit_in_process(
        &self,
        request: &CommitRequest<'_>,
        paths: &[&Path],
        journal: &mut dyn CommitJournal,
        scope: Scope<'_>,
    ) -> Result<Served<CommitOutcome>> {
        let deadline = Instant::now() + request.patience;
        loop {
            let lock = IndexLock::acquire(self, request.patience, scope.cancel)?;
            match in_process::commit(self, request, paths, lock, journal, scope) {
                Err(error) if lock_holder::is_held(&error) && Instant::now() < deadline => {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                made => return made,
            }
        }
    }

    /// The commit at HEAD; none on a branch without one.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`].
    pub(crate) fn head(&self) -> Result<Option<Pin>> {
        if let Engine::Program(_) = self.engine {
            return self.head_by_program();
        }
        let repository = self.open_in_process()?;
        let head = in_process::head_commit(&repository)
            .map_err(|error| failed("cannot read HEAD of", &self.root, &error))?;
        head.map(|commit| as_pin(commit.id())).transpose()
    }
}

fn as_pin(id: git2::Oid) -> Result<Pin> {
    Pin::new(&id.to_string())
}

/// The error for a commit that libgit2 could not make.
pub(super) fn not_made(root: &Path, error: &git2::Error) -> Error {
    failed("cannot commit in", root, error)
}

/// The message as git would store it: no trailing spaces, one line end at the end.
pub(super) fn tidy(message: &str) -> String {
    let lines: Vec<&str> = message.trim().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
