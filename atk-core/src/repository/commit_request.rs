//! What to commit, and what came of it.

use std::path::PathBuf;
use std::time::Duration;

use super::lock_holder;
use crate::error::{Error, ErrorKind};
use crate::model::pin::Pin;

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

    pub(super) fn not_made(error: Error) -> Self {
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
