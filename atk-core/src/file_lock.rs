//! Advisory locks on open files: `flock(2)`, which Python and `flock(1)` see, and which the system
//! releases when the process dies.
//!
//! A signal of the application (of its timer, say) may interrupt any of these calls, even those
//! that do not wait: on network file systems they ask a server. They are then made again.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Result};

/// Tries to lock a file for this process alone. Returns false if another process holds its lock.
///
/// # Errors
/// Those of the system: file systems without locks, say.
pub(crate) fn try_exclusive(file: &File) -> Result<bool> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Tries to share the lock of a file. Returns false if another process holds it alone.
///
/// # Errors
/// Those of the system.
pub(crate) fn try_shared(file: &File) -> Result<bool> {
    loop {
        match file.try_lock_shared() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Waits until this process shares the lock of a file.
///
/// # Errors
/// Those of the system.
pub(crate) fn wait_shared(file: &File) -> Result<()> {
    loop {
        match file.lock_shared() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Releases the lock. Closing the file alone would not do while a child process between fork and
/// exec has a copy of it. An error changes nothing: the lock ends with the last copy.
pub(crate) fn release(file: &File) {
    while file
        .unlock()
        .is_err_and(|error| error.kind() == ErrorKind::Interrupted)
    {}
}
