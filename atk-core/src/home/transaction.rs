//! A set of changes that happens as a whole or not at all.

use std::collections::BTreeSet;

#[cfg(test)]
use std::path::Path;

use super::change::{Access, Change};
use super::identity::Identity;
use super::journal::Journal;
use super::locked::LockedHome;
use super::path::HomePath;
use super::planner::Planner;
use super::record::{Header, VERSION};
use super::unfinished::Unfinished;
use super::{recovery, rollback};
use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;

/// An unfinished set of changes of a home.
///
/// [`Transaction::commit`] finishes it; [`Transaction::rollback`], and dropping it, take all of it
/// back. Changes are visible at once, each of them atomically.
#[must_use = "the changes are rolled back when this is dropped"]
pub(crate) struct Transaction<'l> {
    pub(super) locked: &'l LockedHome<'l>,
    pub(super) journal: Journal,
    pub(super) state: Unfinished,
    /// The directories whose entries changed, to be synced before the commit.
    pub(super) touched: BTreeSet<HomePath>,
    /// The number of the last thing that was set aside.
    next: u64,
    /// The directory of this transaction's backups, once there is one.
    pub(super) backup: Option<HomePath>,
}

impl<'l> Transaction<'l> {
    /// Begins a transaction. `operation` and `plugin` are what is said of it should it be
    /// interrupted.
    ///
    /// # Errors
    /// [`ErrorKind::Io`]; [`ErrorKind::RecoveryFailed`] if an earlier transaction under the
    /// same lock could not be rolled back.
    ///
    /// [`ErrorKind::Io`]: crate::ErrorKind::Io
    /// [`ErrorKind::RecoveryFailed`]: crate::ErrorKind::RecoveryFailed
    pub(crate) fn begin(
        locked: &'l LockedHome<'l>,
        operation: &str,
        plugin: Option<&PluginDir>,
    ) -> Result<Self> {
        let header = Header {
            version: VERSION,
            operation: operation.to_owned(),
            plugin: plugin.map(|plugin| plugin.as_str().to_owned()),
            pid: std::process::id(),
            place: None,
        };
        locked.at("begin");
        // An earlier transaction under the same lock may have left something to complete.
        if let Some(mut unfinished) = Journal::open(&locked.scratch)? {
            recovery::resolve(locked, &mut unfinished)?;
        }
        Ok(Transaction {
            journal: Journal::create(&locked.scratch, header)?,
            locked,
            state: Unfinished::Changing,
            touched: BTreeSet::new(),
            next: 0,
            backup: None,
        })
    }

    /// The plugin that it changes.
    pub(crate) fn plugin(&self) -> Option<&str> {
        self.journal.header().plugin.as_deref()
    }

    /// Creates a file, or replaces its content in one step: who reads without a lock sees the old
    /// or the new bytes. Nothing happens where it has the content already.
    pub(crate) fn write(&mut self, path: &HomePath, bytes: &[u8], access: Access) -> Result<()> {
        self.apply(&[Change::Write {
            path,
            bytes,
            access,
        }])
    }

    /// Moves a staged file, link or whole directory to where nothing is.
    #[cfg(test)]
    pub(crate) fn place(&mut self, staged: &Path, path: &HomePath) -> Result<()> {
        self.apply(&[Change::Place { staged, path }])
    }

    /// Removes a file, a link or a whole directory.
    pub(crate) fn remove(&mut self, path: &HomePath) -> Result<()> {
        self.apply(&[Change::Remove { path }])
    }

    /// Makes changes of different paths, for about the price of one. Removals come first.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], [`ErrorKind::HomeInvalid`] if a link is in the way. The transaction
    /// can then only be rolled back.
    ///
    /// [`ErrorKind::Io`]: crate::ErrorKind::Io
    /// [`ErrorKind::HomeInvalid`]: crate::ErrorKind::HomeInvalid
    pub(crate) fn apply(&mut self, changes: &[Change<'_>]) -> Result<()> {
        self.plan(|planner| changes.iter().try_for_each(|change| planner.add(*change)))
    }

    pub(super) fn plan(&mut self, plan: impl FnOnce(&mut Planner<'_>) -> Result<()>) -> Result<()> {
        let mut planner = Planner::new(self.locked, &mut self.next);
        plan(&mut planner)?;
        let batch = planner.finish();
        self.run(&batch)
    }

    /// True if the transaction changed the home.
    #[cfg(test)]
    pub(crate) fn has_changes(&self) -> bool {
        self.journal.last().is_some()
    }

    /// True if the transaction changed this very path.
    pub(crate) fn changed(&self, path: &HomePath) -> bool {
        let mut records = self.journal.records();
        records.any(|record| record.path() == Some(path))
    }

    /// The identity of what is at a path now.
    pub(super) fn identity(&self, path: &HomePath) -> Result<Option<Identity>> {
        Identity::at(self.locked.root(), path)
    }

    /// Takes everything back.
    ///
    /// # Errors
    /// [`ErrorKind::RecoveryFailed`]: the error names what stands in the way. The next operation
    /// on the home tries again.
    ///
    /// [`ErrorKind::RecoveryFailed`]: crate::ErrorKind::RecoveryFailed
    pub(crate) fn rollback(self) -> Result<()> {
        self.rollback_keeping(&[])
    }

    /// Takes everything back but what was written to these paths: the answers in `.env` of a
    /// failed `add`, say, for the next try. The directories that they lie in stay with them.
    ///
    /// # Errors
    /// As [`Transaction::rollback`].
    pub(crate) fn rollback_keeping(mut self, paths: &[HomePath]) -> Result<()> {
        let state = std::mem::replace(&mut self.state, Unfinished::No);
        if state == Unfinished::Committing {
            return Err(Error::new(
                ErrorKind::RecoveryFailed,
                "it is not known whether the change was committed, so it was not rolled back",
            )
            .with_help("the next operation checks, and completes it or rolls it back"));
        }
        rollback::roll_back(self.locked, &mut self.journal, paths)
    }
}

impl Drop for Transaction<'_> {
    /// Takes back what was not finished: after an early return or a panic.
    fn drop(&mut self) {
        // Where it fails, the journal stays and the next operation tries again.
        let _ = self.state.end(self.locked, &mut self.journal);
    }
}
