//! What a commit says before each step that outlives this process.

use serde::{Deserialize, Serialize};

use super::head_ref;
use super::process::ProcessId;
use crate::error::Result;
use crate::model::pin::Pin;

/// Where a commit writes down what it is about to do.
pub(crate) trait CommitJournal {
    /// Writes it down. Returns once it is on the disk.
    fn record(&mut self, attempt: &Attempt) -> Result<()>;

    /// Names the step that comes next, for tests that stop the process there.
    fn at(&self, step: &str);
}

/// The move of a branch that is about to happen. From it a later process finds out whether it
/// happened, and which locks were left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Attempt {
    /// This process moves a ref itself.
    Own {
        /// The ref: a branch, or `HEAD` if that is detached.
        name: String,
        /// Its value before; none for a branch without a commit.
        old: Option<Pin>,
        /// The commit that it moves to. It is on the disk.
        new: Pin,
    },
    /// The git program makes the commit.
    Program {
        /// The process.
        git: ProcessId,
        /// Seconds since 1970 when it was started: an older lock is not its.
        started: i64,
        /// HEAD before.
        old: Option<Pin>,
        /// The tree that it is to commit. Hooks may change it.
        tree: Pin,
        /// The commit's date, in seconds since 1970.
        date: i64,
    },
}

impl Attempt {
    /// True if a commit could have written it: its locks are then looked for where refs are.
    pub(crate) fn is_plausible(&self) -> bool {
        match self {
            Attempt::Own { name, .. } => head_ref::is_ref_name(name),
            Attempt::Program { .. } => true,
        }
    }
}

/// Remembers the last attempt that was written down.
pub(super) struct Remember<'j> {
    journal: &'j mut dyn CommitJournal,
    pub(super) last: Option<Attempt>,
}

impl<'j> Remember<'j> {
    pub(super) fn new(journal: &'j mut dyn CommitJournal) -> Self {
        Remember {
            journal,
            last: None,
        }
    }
}

impl CommitJournal for Remember<'_> {
    fn record(&mut self, attempt: &Attempt) -> Result<()> {
        self.journal.record(attempt)?;
        self.last = Some(attempt.clone());
        Ok(())
    }

    fn at(&self, step: &str) {
        self.journal.at(step);
    }
}
