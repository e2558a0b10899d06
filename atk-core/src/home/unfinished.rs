//! What is left to be done when a transaction is dropped.

use super::journal::Journal;
use super::locked::LockedHome;
use super::{recovery, rollback};
use crate::error::Result;

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
    pub(super) fn end(self, locked: &LockedHome<'_>, journal: &mut Journal) -> Result<()> {
        match self {
            Unfinished::No => Ok(()),
            Unfinished::Changing => rollback::roll_back(locked, journal, &[]),
            Unfinished::Committing => recovery::resolve(locked, journal),
        }
    }
}
