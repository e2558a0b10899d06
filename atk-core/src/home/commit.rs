//! The end of a transaction: the commit point, git's commit, and the clean-up.

use super::journal::Journal;
use super::locked::Locked;
use super::path::HomePath;
use super::record::Record;
use super::transaction::Transaction;
use super::{recovery, rollback};
use crate::error::{Error, Result};
use crate::git::repository::CommitRequest;
use crate::host::{CancelToken, Scope};
use crate::model::pin::Pin;

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
    /// is then handed back as it was before.
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
        // The last chance to cancel.
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
        let made = make(locked, &record);
        locked.at("git-committed");
        match made {
            Ok(commit) => {
                self.state = Unfinished::No;
                // The changes are final. Where the clean-up fails, the next operation does it.
                let _ = finish(locked, &mut self.journal);
                Ok(commit)
            }
            Err(error) => {
                // Where this fails too, rolling back does it first.
                let _ = self.journal.pop().and_then(|()| self.journal.sync());
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

/// Makes the git commit of a commit record, unless HEAD has it already.
///
/// A cancel is not heard here: it would undo a transaction that is past its commit point.
pub(super) fn make(locked: &Locked<'_>, record: &Record) -> Result<Option<Pin>> {
    let Record::Commit {
        message: Some(message),
        paths,
        ..
    } = record
    else {
        return Ok(None);
    };
    let never = CancelToken::new();
    let scope = Scope {
        cancel: &never,
        report: locked.scope.report,
    };
    let paths: Vec<_> = paths.iter().map(|path| path.as_path().to_owned()).collect();
    let request = CommitRequest {
        message,
        paths: &paths,
    };
    locked.repository.commit(&request, scope)
}

/// Retires the journal of a committed transaction, with all that it set aside.
pub(super) fn finish(locked: &Locked<'_>, journal: &mut Journal) -> Result<()> {
    locked.at("retire");
    journal.retire(&locked.scratch)?;
    locked.at("finished");
    Ok(())
}
