//! The end of a transaction: the commit point, git's commit, and the clean-up.

use std::path::PathBuf;
use std::time::Duration;

use super::journal::Journal;
use super::lock::LockWait;
use super::locked::Locked;
use super::path::HomePath;
use super::record::Record;
use super::transaction::Transaction;
use super::{recovery, rollback};
use crate::error::{Error, Result};
use crate::host::Scope;
use crate::model::pin::Pin;
use crate::repository::{
    Attempt, CommitError, CommitJournal, CommitOutcome, CommitRequest, PATIENCE,
};

/// How a transaction is to end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CommitPlan<'a> {
    /// The message of the git commit.
    pub(crate) message: &'a str,
    /// What the git commit contains: files or whole directories, there or gone.
    pub(crate) paths: &'a [HomePath],
    /// False where the home does not commit by itself.
    pub(crate) auto_commit: bool,
}

/// A transaction that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Committed {
    /// The git commit; none where there was nothing to commit, or nothing is to be committed.
    pub(crate) commit: Option<Pin>,
}

/// A transaction that could not be committed. It can still be rolled back, once what has to
/// happen before (an `uninstall`) has happened.
pub(crate) struct CommitFailed<'l> {
    pub(crate) transaction: Transaction<'l>,
    pub(crate) error: Error,
}

/// What remains to be done when a transaction is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// Nothing.
    No,
    /// Undo.
    Changing,
    /// Find out whether git made the commit.
    Committing,
}

impl Unfinished {
    pub(super) fn end(self, locked: &Locked<'_>, journal: &mut Journal) -> Result<()> {
        match self {
            Unfinished::No => Ok(()),
            Unfinished::Changing => rollback::roll_back(locked, journal, &[]),
            Unfinished::Committing => recovery::resolve(locked, journal),
        }
    }
}

impl<'l> Transaction<'l> {
    /// Makes the changes final.
    ///
    /// Once the journal's commit record is on the disk, an interruption no longer undoes the
    /// transaction but completes it.
    ///
    /// # Errors
    /// Those of git's commit, and [`ErrorKind::Io`] and [`ErrorKind::Cancelled`]: the transaction
    /// is then handed back as it was before. A cancel is heard until HEAD moves.
    pub(crate) fn commit(
        mut self,
        plan: &CommitPlan<'_>,
    ) -> Result<Committed, Box<CommitFailed<'l>>> {
        match self.try_commit(plan) {
            Ok(commit) => Ok(Committed { commit }),
            Err(error) => Err(Box::new(CommitFailed {
                transaction: self,
                error,
            })),
        }
    }

    fn try_commit(&mut self, plan: &CommitPlan<'_>) -> Result<Option<Pin>> {
        let locked = self.locked;
        locked.scope.cancel.check()?;
        locked.at("sync-changes");
        self.sync_changes()?;
        let record = Record::Commit {
            message: plan.auto_commit.then(|| plan.message.to_owned()),
            paths: plan.paths.to_vec(),
            head: match plan.auto_commit {
                true => locked.repository.head()?.map(|id| id.to_string()),
                false => None,
            },
        };
        locked.at("commit-record");
        self.journal.append(std::slice::from_ref(&record))?;
        self.state = Unfinished::Committing;
        locked.at("git-commit");
        let made = match GitHalf::of(&record) {
            Some(half) => half.make(locked, &mut self.journal, locked.scope),
            None => Ok(CommitOutcome::default()),
        };
        locked.at("git-committed");
        match made {
            Ok(outcome) => {
                self.state = Unfinished::No;
                match outcome.unfinished {
                    // The changes are final. If the clean-up fails, the next operation does it.
                    None => drop(finish(locked, &mut self.journal)),
                    Some(error) => locked.scope.warn(
                        self.journal.header().plugin.as_deref(),
                        format!("the commit is made, and the next operation completes it: {error}"),
                    ),
                }
                Ok(outcome.commit)
            }
            // It stays as it is until HEAD can be asked.
            Err(CommitError::Unknown(error)) => Err(error),
            Err(CommitError::Refused(error) | CommitError::Later(error)) => {
                // If this fails too, rolling back does it first.
                let _ = self.journal.pop_commit();
                self.state = Unfinished::Changing;
                Err(error)
            }
        }
    }

    /// Waits until all changes are on the disk.
    fn sync_changes(&self) -> Result<()> {
        let root = self.locked.root();
        let mut root_touched = false;
        for record in self.journal.records() {
            root_touched |= record.path().is_some_and(|path| path.parent().is_none());
        }
        if root_touched {
            root.sync()?;
        }
        for path in &self.touched {
            if let Ok(Some(dir)) = root.below(path) {
                dir.sync()?;
            }
        }
        Ok(())
    }
}

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

    pub(super) fn request(&self, locked: &Locked<'_>) -> CommitRequest<'_> {
        CommitRequest {
            message: self.message,
            paths: &self.paths,
            patience: match locked.wait {
                LockWait::Wait => PATIENCE,
                LockWait::Fail => Duration::ZERO,
            },
        }
    }

    /// Makes the git commit, unless HEAD has it already.
    pub(super) fn make(
        &self,
        locked: &Locked<'_>,
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
    locked: &'a Locked<'l>,
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
pub(super) fn finish(locked: &Locked<'_>, journal: &mut Journal) -> Result<()> {
    locked.at("retire");
    journal.retire(&locked.scratch)?;
    locked.sweep();
    locked.at("finished");
    Ok(())
}
