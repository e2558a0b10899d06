//! The end of a transaction: the commit point, git's commit, and the clean-up.

use super::git_commit::{GitHalf, finish};
use super::path::HomePath;
use super::record::Record;
use super::transaction::Transaction;
use super::unfinished::Unfinished;
use crate::error::{Error, Result};
use crate::model::pin::Pin;
use crate::repository::{CommitError, CommitOutcome};

/// How a transaction is to end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CommitPlan<'a> {
    /// The message of the git commit.
    pub(crate) message: &'a str,
    /// What the git commit contains: files or whole directories, there or gone.
    pub(crate) paths: &'a [HomePath],
    /// False if the home does not commit by itself.
    pub(crate) auto_commit: bool,
}

/// A transaction that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Committed {
    /// The git commit; `None` if there was nothing to commit, or nothing is to be committed.
    pub(crate) commit: Option<Pin>,
}

/// A transaction that could not be committed. It can still be rolled back, once what has to
/// happen before (an `uninstall`) has happened.
pub(crate) struct CommitFailed<'l> {
    pub(crate) transaction: Transaction<'l>,
    pub(crate) error: Error,
}

impl CommitFailed<'_> {
    /// True if git may have made the commit: HEAD could not be asked. Nothing may be undone then,
    /// neither by a roll-back nor by a command of the plugin.
    pub(crate) fn may_be_committed(&self) -> bool {
        self.transaction.state == Unfinished::Committing
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
                        format!(
                            "the commit was made, and the next operation updates the index: {error}"
                        ),
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

    /// Waits until all changes are on the disk, and what commands of the plugin wrote: the commit
    /// may have it.
    #[cfg(target_os = "linux")]
    fn sync_changes(&self) -> Result<()> {
        self.locked.root().sync_file_system()
    }

    /// Waits until all changes are on the disk.
    #[cfg(not(target_os = "linux"))]
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
