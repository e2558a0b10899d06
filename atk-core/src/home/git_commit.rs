//! Git's half of a commit, and the end of a transaction whose commit is made.

use std::path::PathBuf;

use super::journal::Journal;
use super::locked::LockedHome;
use super::record::Record;
use crate::error::Result;
use crate::host::Scope;
use crate::repository::{Attempt, CommitError, CommitJournal, CommitOutcome, CommitRequest};

/// Git's half of a commit.
pub(super) struct GitHalf<'r> {
    message: &'r str,
    paths: Vec<PathBuf>,
}

impl<'r> GitHalf<'r> {
    /// None if the home does not commit by itself.
    pub(super) fn of(record: &'r Record) -> Option<Self> {
        let Record::Commit {
            message: Some(message),
            paths,
            ..
        } = record
        else {
            return None;
        };
        Some(GitHalf {
            message,
            paths: paths.iter().map(|path| path.as_path().to_owned()).collect(),
        })
    }

    pub(super) fn request(&self, locked: &LockedHome<'_>) -> CommitRequest<'_> {
        CommitRequest {
            message: self.message,
            paths: &self.paths,
            patience: locked.patience(),
        }
    }

    /// Makes the git commit, unless HEAD has it already.
    pub(super) fn make(
        &self,
        locked: &LockedHome<'_>,
        journal: &mut Journal,
        scope: Scope<'_>,
    ) -> Result<CommitOutcome, CommitError> {
        let mut log = Log { locked, journal };
        let request = self.request(locked);
        locked.repository.commit(&request, &mut log, scope)
    }
}

/// The journal, as git's half of a commit sees it.
struct Log<'a, 'l> {
    locked: &'a LockedHome<'l>,
    journal: &'a mut Journal,
}

impl CommitJournal for Log<'_, '_> {
    fn record(&mut self, attempt: &Attempt) -> Result<()> {
        self.journal.append(&[Record::Git {
            attempt: attempt.clone(),
        }])
    }

    fn at(&self, step: &str) {
        self.locked.at(step);
    }
}

/// Retires the journal of a committed transaction, with all that it set aside.
pub(super) fn finish(locked: &LockedHome<'_>, journal: &mut Journal) -> Result<()> {
    locked.at("retire");
    journal.retire(&locked.scratch)?;
    locked.sweep();
    locked.at("finished");
    Ok(())
}
