//! A home that this operation alone may change.

use super::Home;
use super::lock::{Lock, LockWait};
use super::root::Root;
use super::scratch::Scratch;
use super::staging::{self, Staging};
use super::{older, recovery};
use crate::error::{ErrorKind, Result};
use crate::host::Scope;
use crate::repository::Repository;

/// A home with its lock held. Dropping it releases the lock.
#[must_use = "the home is unlocked when this is dropped"]
pub(crate) struct Locked<'a> {
    pub(super) home: &'a Home,
    pub(super) scratch: Scratch,
    pub(super) repository: Repository,
    pub(super) scope: Scope<'a>,
    /// What to do while another process is at work, a git of an interrupted operation say.
    pub(super) wait: LockWait,
    lock: Lock,
}

impl Home {
    /// Takes the home's lock, completes or undoes what an interrupted operation left, and sweeps
    /// up after it.
    ///
    /// `operation` is what others are told. `nested_tokens` are those in this process's environment,
    /// if it was started by a lifecycle command.
    ///
    /// # Errors
    /// [`ErrorKind::HomeLocked`], [`ErrorKind::HomeNested`], [`ErrorKind::Cancelled`],
    /// [`ErrorKind::RecoveryFailed`]; [`ErrorKind::HomeNotInitialized`] where the home was gone
    /// when the lock came.
    ///
    /// [`ErrorKind::HomeLocked`]: crate::ErrorKind::HomeLocked
    /// [`ErrorKind::HomeNested`]: crate::ErrorKind::HomeNested
    /// [`ErrorKind::Cancelled`]: crate::ErrorKind::Cancelled
    /// [`ErrorKind::RecoveryFailed`]: crate::ErrorKind::RecoveryFailed
    /// [`ErrorKind::HomeNotInitialized`]: crate::ErrorKind::HomeNotInitialized
    pub(crate) fn lock<'a>(
        &'a self,
        operation: &str,
        wait: LockWait,
        nested_tokens: Option<&str>,
        scope: Scope<'a>,
    ) -> Result<Locked<'a>> {
        let repository = self.open_repository()?;
        older::check(&self.root, &repository)?;
        self.root.check_one_file_system()?;
        let scratch = Scratch::open(&self.root)?;
        let lock = Lock::acquire(&scratch.dir, operation, wait, nested_tokens, scope)?;
        let locked = Locked::new(self, scratch, (lock, wait), repository, scope)?;
        self.check()?;
        Ok(locked)
    }

    /// Does what [`Home::lock`] does first, if an interrupted operation left something to do. If
    /// somebody holds the lock, the operation goes on and nothing was interrupted. What cannot be
    /// completed or undone now is a warning: reading goes on.
    ///
    /// # Errors
    /// [`ErrorKind::RecoveryFailed`], [`ErrorKind::Cancelled`].
    pub(crate) fn recover_if_interrupted(&self, operation: &str, scope: Scope<'_>) -> Result<()> {
        if !self.root.is_unfinished()? {
            return Ok(());
        }
        match self.lock(operation, LockWait::Fail, None, scope) {
            Ok(_) => Ok(()),
            Err(error) => match error.kind() {
                ErrorKind::HomeLocked | ErrorKind::HomeNested => Ok(()),
                ErrorKind::RecoveryFailed | ErrorKind::Cancelled => Err(error),
                _ => {
                    let help = error.details().help.as_deref();
                    let help = help.map_or(String::new(), |help| format!(" ({help})"));
                    scope.warn(None, format!("{error}{help}"));
                    Ok(())
                }
            },
        }
    }

    /// Makes a fresh directory on the home's file system. It needs no lock, and survives those
    /// that other operations take meanwhile.
    pub(crate) fn staging(&self) -> Result<Staging> {
        Staging::new(&Scratch::dir(&self.root)?)
    }
}

impl<'a> Locked<'a> {
    /// Takes over a lock: recovers, and sweeps up.
    pub(super) fn new(
        home: &'a Home,
        scratch: Scratch,
        (lock, wait): (Lock, LockWait),
        repository: Repository,
        scope: Scope<'a>,
    ) -> Result<Self> {
        let locked = Locked {
            home,
            scratch,
            repository,
            scope,
            wait,
            lock,
        };
        recovery::recover(&locked)?;
        locked.repository.settle_push()?;
        staging::sweep(&locked.scratch.dir)?;
        Ok(locked)
    }

    /// Deletes what nothing needs any more, and warns of what stays.
    pub(super) fn sweep(&self) {
        if let Some(error) = self.scratch.sweep() {
            let trash = crate::text::escape(&self.scratch.trash.path().to_string_lossy());
            let text = format!(
                "some files that are no longer needed could not be deleted and stay in `{trash}` \
                 ({error}); if they are another user's: `sudo rm -r {trash}`"
            );
            self.scope.warn(None, text);
        }
    }

    /// The home's repository.
    pub(crate) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The home.
    pub(crate) fn home(&self) -> &Home {
        self.home
    }

    /// What a lifecycle command gets in its environment, so that a nested process is told at
    /// once that it cannot change this home.
    pub(crate) fn tokens(&self) -> &str {
        self.lock.tokens()
    }

    /// Makes a fresh directory on the home's file system, removed on drop.
    #[cfg(test)]
    pub(crate) fn staging(&self) -> Result<Staging> {
        Staging::new(&self.scratch.dir)
    }

    pub(super) fn root(&self) -> &Root {
        &self.home.root
    }

    /// Says that the step of this name comes next.
    pub(super) fn at(&self, step: &str) {
        self.home.steps.at(step);
    }
}
