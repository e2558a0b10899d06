//! Locking a home: what an interrupted operation left is dealt with first.

use super::lock::{Lock, LockWait};
use super::locked::LockedHome;
use super::scratch::Scratch;
use super::staging::{self, Staging};
use super::{HomeDir, build, older, recovery};
use crate::error::{ErrorKind, Result};
use crate::host::Scope;
use crate::repository::Repository;

impl HomeDir {
    /// Takes the home's lock, completes or undoes what an interrupted operation left, and sweeps
    /// up after it.
    ///
    /// `operation` is what others are told. `nested_tokens` are those in this process's environment,
    /// if it was started by a lifecycle command.
    ///
    /// # Errors
    /// [`ErrorKind::HomeLocked`], [`ErrorKind::HomeNested`], [`ErrorKind::Cancelled`],
    /// [`ErrorKind::RecoveryFailed`]; [`ErrorKind::HomeNotInitialized`] if the home was gone
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
    ) -> Result<LockedHome<'a>> {
        let (scratch, lock, repository) = self.acquire(operation, wait, nested_tokens, scope)?;
        let locked = LockedHome::new(self, scratch, (lock, wait), repository, scope)?;
        self.check()?;
        Ok(locked)
    }

    /// Takes the lock, and nothing else.
    fn acquire(
        &self,
        operation: &str,
        wait: LockWait,
        nested_tokens: Option<&str>,
        scope: Scope<'_>,
    ) -> Result<(Scratch, Lock, Repository)> {
        let repository = self.open_repository()?;
        older::check(&self.root, &repository)?;
        self.root.check_one_file_system()?;
        let scratch = Scratch::open(&self.root)?;
        let lock = Lock::acquire(&scratch.dir, operation, wait, nested_tokens, scope)?;
        Ok((scratch, lock, repository))
    }

    /// Does what [`HomeDir::lock`] does first, if an interrupted operation left something to do. If
    /// another process holds the lock, the operation goes on and nothing was interrupted. What cannot be
    /// completed or undone now is a warning: reading goes on.
    ///
    /// # Errors
    /// [`ErrorKind::RecoveryFailed`], [`ErrorKind::Cancelled`].
    pub(crate) fn recover_if_interrupted(&self, operation: &str, scope: Scope<'_>) -> Result<()> {
        if !self.root.is_unfinished()? {
            return Ok(());
        }
        let wait = LockWait::Fail;
        let acquired = match self.acquire(operation, wait, None, scope) {
            Err(error) if matches!(error.kind(), ErrorKind::HomeLocked | ErrorKind::HomeNested) => {
                return Ok(());
            }
            acquired => acquired,
        };
        let recovered = acquired.and_then(|(scratch, lock, repository)| {
            LockedHome::new(self, scratch, (lock, wait), repository, scope)
        });
        match recovered {
            Ok(_) => Ok(()),
            Err(error) => match error.kind() {
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

impl<'a> LockedHome<'a> {
    /// Takes over a lock: recovers, and sweeps up.
    pub(super) fn new(
        home: &'a HomeDir,
        scratch: Scratch,
        (lock, wait): (Lock, LockWait),
        repository: Repository,
        scope: Scope<'a>,
    ) -> Result<Self> {
        let locked = LockedHome {
            home,
            scratch,
            repository,
            scope,
            wait,
            lock,
        };
        recovery::recover(&locked)?;
        locked.repair_index()?;
        locked.repository.settle_push()?;
        staging::sweep(&locked.scratch.dir)?;
        build::sweep_empty(&home.root)?;
        locked.expire_trash();
        Ok(locked)
    }

    fn repair_index(&self) -> Result<()> {
        let cancel = self.scope.cancel;
        if self.repository.repair_index(self.patience(), cancel)? {
            let text = "git could not read its index of the home, as after a power cut; it was \
                        made anew from the last commit, and nothing is staged";
            self.scope.warn(None, text);
        }
        Ok(())
    }

    /// Makes a fresh directory on the home's file system, removed on drop.
    #[cfg(test)]
    pub(crate) fn staging(&self) -> Result<Staging> {
        Staging::new(&self.scratch.dir)
    }
}
