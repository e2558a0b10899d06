//! The turn: one process at a time creates a home in a directory.

use std::fs::File;

use super::caller::{Caller, HeldLock};
use super::dir::Dir;
use super::lock::{LockWait, POLL, called_back, identity};
use crate::error::{Error, ErrorKind, Result};
use crate::file_lock::try_exclusive;
use crate::host::{Event, Level, Scope};
use crate::text::escape;

/// The right to create a home in a directory, held until this is dropped.
///
/// A home's own lock lies in its git directory, which is not there yet. So this is `flock(2)` on
/// the directory itself: it leaves no file behind, and the system releases it when the process
/// dies.
#[derive(Debug)]
#[must_use = "others may create the home when this is dropped"]
pub(super) struct CreationLock {
    file: File,
    identity: (u64, u64),
    caller: Caller,
}

impl CreationLock {
    /// Waits for the turn.
    ///
    /// # Errors
    /// [`ErrorKind::HomeLocked`] with [`LockWait::Fail`]; [`ErrorKind::HomeNested`] if it is held
    /// by an operation of the same caller; [`ErrorKind::Cancelled`].
    pub(super) fn take(dir: &Dir, wait: LockWait, scope: Scope<'_>) -> Result<CreationLock> {
        let caller = Caller::of_this_thread();
        let identity = identity(&dir.stat_self()?);
        let file = dir.duplicate()?.into_file();
        let mut told = false;
        // Some network file systems lock no directories. Then the rename that publishes the repository
        // decides who was first.
        while let Ok(false) = try_exclusive(&file) {
            if caller.holds(identity) {
                return Err(called_back());
            }
            let path = escape(&dir.path().to_string_lossy());
            if wait == LockWait::Fail {
                let message = format!("another process is creating a home in `{path}`");
                return Err(Error::new(ErrorKind::HomeLocked, message).with_path(dir.path()));
            }
            if !told {
                told = true;
                (scope.report)(Event::Message {
                    level: Level::Info,
                    plugin: None,
                    text: format!("waiting for another process, which is creating `{path}`"),
                });
            }
            scope.cancel.check()?;
            std::thread::sleep(POLL);
            scope.cancel.check()?;
        }
        caller.hold(HeldLock {
            file: identity,
            token: None,
        });
        Ok(CreationLock {
            file,
            identity,
            caller,
        })
    }
}

impl Drop for CreationLock {
    fn drop(&mut self) {
        self.caller.release(self.identity);
        // Closing would do only if no child between fork and exec held a copy.
        let _ = self.file.unlock();
    }
}
