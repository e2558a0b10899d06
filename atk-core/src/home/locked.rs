//! A home that this operation alone may change.

use std::time::Duration;

use super::HomeDir;
use super::lock::{Lock, LockWait};
use super::root::Root;
use super::scratch::Scratch;
use crate::host::Scope;
use crate::repository::{PATIENCE, Repository};

/// A home with its lock held. Dropping it releases the lock.
#[must_use = "the home is unlocked when this is dropped"]
pub(crate) struct LockedHome<'a> {
    pub(super) home: &'a HomeDir,
    pub(super) scratch: Scratch,
    pub(super) repository: Repository,
    pub(super) scope: Scope<'a>,
    /// What to do while another process is at work, a git of an interrupted operation say.
    pub(super) wait: LockWait,
    pub(super) lock: Lock,
}

impl<'a> LockedHome<'a> {
    /// Deletes what nothing needs any more, and warns of what stays.
    pub(super) fn sweep(&self) {
        if let Some(error) = self.scratch.sweep() {
            let discarded = crate::text::escape(&self.scratch.discarded.path().to_string_lossy());
            let text = format!(
                "some files that are no longer needed could not be deleted and stay in `{discarded}` \
                 ({error}); if another user owns them, run `sudo rm -r {discarded}`"
            );
            self.scope.warn(None, text);
        }
    }

    /// The home's repository.
    pub(crate) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The home.
    pub(crate) fn home(&self) -> &HomeDir {
        self.home
    }

    /// What a lifecycle command gets in its environment, so that a nested process is told at
    /// once that it cannot change this home.
    pub(crate) fn tokens(&self) -> &str {
        self.lock.tokens()
    }

    /// How long a git process that is at work in the home is waited for.
    pub(super) fn patience(&self) -> Duration {
        match self.wait {
            LockWait::Wait => PATIENCE,
            LockWait::Fail => Duration::ZERO,
        }
    }

    pub(super) fn root(&self) -> &Root {
        &self.home.root
    }

    /// Says that the step of this name comes next.
    pub(super) fn at(&self, step: &str) {
        self.home.steps.at(step);
    }
}
