//! Commits of exactly the paths that an operation changed.

use std::path::Path;
use std::time::Instant;

use super::commit_request::{CommitError, CommitOutcome, CommitRequest};
use super::failure::failed;
use super::index_lock::IndexLock;
use super::journal::{CommitJournal, Remember};
use super::served::InProcessResult;
use super::{Backend, Repository, head_ref, in_process, lock_holder, selection};
use crate::error::Result;
use crate::host::Scope;
use crate::model::pin::Pin;

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
                let message =
                    format!("{error}; it is not known whether the commit was made: {unknown}");
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
                InProcessResult::Done(made) => return Ok(made),
                InProcessResult::NeedsProgram(reason) => reason,
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
    ) -> Result<InProcessResult<CommitOutcome>> {
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
        if let Backend::Program(_) = self.engine {
            return self.head_by_program();
        }
        let repository = self.open_in_process()?;
        let head = head_ref::head_commit(&repository)
            .map_err(|error| failed("cannot read HEAD of", &self.root, &error))?;
        head.map(|commit| as_pin(commit.id())).transpose()
    }
}

fn as_pin(id: git2::Oid) -> Result<Pin> {
    Pin::new(&id.to_string())
}
