//! The lock: one operation at a time changes a home.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::time::Duration;

use rustix::fs::{OFlags, Stat};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::caller::{Caller, HeldLock};
use super::dir::Dir;
use super::scratch::unique_name;
use crate::error::{Error, ErrorKind, Result};
use crate::file_lock::{self, try_exclusive};
use crate::host::{Event, Level, Scope};
use crate::text::escape;

/// What to do while another process holds the home's lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockWait {
    /// Wait, and say who holds it.
    Wait,
    /// Fail with [`ErrorKind::HomeLocked`].
    Fail,
}

/// How often a waiting process tries again; a cancel is heard as often.
pub(super) const POLL: Duration = Duration::from_millis(40);

/// For how many tries a holder may leave the lock file empty before it goes unnamed: it writes
/// its name just after it has the lock.
const UNNAMED: u32 = 5;

/// The held lock of a home.
///
/// `flock(2)` on a file that is never deleted: the system releases it when the process dies, and
/// Python and flock(1) see it. The file says who holds it.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    identity: (u64, u64),
    /// Its token, after those of the locks that its callers hold.
    tokens: String,
    caller: Caller,
}

/// What the lock file says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Holder {
    pub(super) pid: u32,
    operation: String,
    /// What a lifecycle command's environment holds, so that a nested process knows where it is.
    token: String,
}

impl Holder {
    /// True if the operation has one of these tokens, separated by colons.
    pub(super) fn is_one_of(&self, tokens: &str) -> bool {
        tokens.split(':').any(|token| token == self.token)
    }
}

fn name() -> &'static OsStr {
    OsStr::new("lock")
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`ErrorKind::HomeLocked`] naming the holder, with [`LockWait::Fail`];
    /// [`ErrorKind::HomeNested`] if the holder is an operation that runs this process, according to
    /// `nested_tokens`, or one that is calling back this thread; [`ErrorKind::Cancelled`].
    pub(super) fn acquire(
        scratch: &Dir,
        operation: &str,
        wait: LockWait,
        nested_tokens: Option<&str>,
        scope: Scope<'_>,
    ) -> Result<Lock> {
        let mut tries = 0;
        let mut told = false;
        loop {
            if let Some((file, identity)) = try_lock(scratch)? {
                return Lock::held(file, identity, operation);
            }
            if held_by_the_caller(scratch)? {
                return Err(called_back());
            }
            let holder = holder(scratch)?;
            if let (Some(tokens), Some(holder)) = (nested_tokens, &holder)
                && holder.is_one_of(tokens)
            {
                return Err(nested(holder));
            }
            let named = holder.is_some() || tries >= UNNAMED;
            match wait {
                LockWait::Fail if named => return Err(locked(holder.as_ref(), scratch)),
                LockWait::Wait if named && !told => {
                    told = true;
                    (scope.report)(Event::Message {
                        level: Level::Info,
                        plugin: None,
                        text: format!("waiting for {}", describe(holder.as_ref())),
                    });
                }
                LockWait::Fail | LockWait::Wait => {}
            }
            tries += 1;
            scope.cancel.check()?;
            std::thread::sleep(POLL);
            scope.cancel.check()?;
        }
    }

    fn held(file: File, identity: (u64, u64), operation: &str) -> Result<Lock> {
        let holder = Holder {
            pid: std::process::id(),
            operation: operation.to_owned(),
            token: unique_name().to_string_lossy().into_owned(),
        };
        let caller = Caller::of_this_thread();
        caller.hold(HeldLock {
            file: identity,
            token: Some(holder.token.clone()),
        });
        let mut lock = Lock {
            file,
            identity,
            tokens: caller.tokens(),
            caller,
        };
        let text = serde_json::to_vec(&holder).map_err(|error| {
            Error::new(ErrorKind::Internal, "cannot write a holder").with_cause(error)
        })?;
        // A full disk must not keep a home from being recovered: an unnamed holder is one still.
        let _ = lock.name(&text);
        Ok(lock)
    }

    fn name(&mut self, text: &[u8]) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text)
    }

    /// By which a process that a lifecycle command starts knows whose lock it meets: its token, and
    /// those of the operations that called this one, separated by colons.
    pub(super) fn tokens(&self) -> &str {
        &self.tokens
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.caller.release(self.identity);
        let _ = self.file.set_len(0);
        // Closing would do only if no child between fork and exec held a copy.
        file_lock::release(&self.file);
    }
}

/// Tries once. None if another holds it.
fn try_lock(scratch: &Dir) -> Result<Option<(File, (u64, u64))>> {
    let file = scratch
        .open_file(name(), OFlags::RDWR | OFlags::CREATE)?
        .ok_or_else(|| scratch.refusal("cannot create", name(), Errno::NOENT))?;
    let locked = try_exclusive(&file)
        .map_err(|error| Error::io("cannot lock", &scratch.path().join(name()), error))?;
    if !locked {
        return Ok(None);
    }
    // A lock on a file that was deleted meanwhile keeps no other process out.
    let locked = rustix::fs::fstat(&file)
        .map(|stat| identity(&stat))
        .map_err(|errno| scratch.refusal("cannot read", name(), errno))?;
    let now = scratch.stat(name())?.map(|stat| identity(&stat));
    Ok((now == Some(locked)).then_some((file, locked)))
}

/// What tells a file apart from every other.
pub(super) fn identity(stat: &Stat) -> (u64, u64) {
    // Narrower on some systems; no two files of one become the same.
    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_sign_loss,
        reason = "types differ between systems"
    )]
    (stat.st_dev as u64, stat.st_ino as u64)
}

fn held_by_the_caller(scratch: &Dir) -> Result<bool> {
    let now = scratch.stat(name())?.map(|stat| identity(&stat));
    let caller = Caller::of_this_thread();
    Ok(now.is_some_and(|now| caller.holds(now)))
}

/// True if a process holds the lock now. It is shared for a moment to find that out.
pub(super) fn is_held(scratch: &Dir) -> Result<bool> {
    let Some(file) = scratch.open_file(name(), OFlags::RDONLY)? else {
        return Ok(false);
    };
    let is_free = file_lock::try_shared(&file)
        .map_err(|error| Error::io("cannot look at the lock of", scratch.path(), error))?;
    if is_free {
        file_lock::release(&file);
    }
    Ok(!is_free)
}

/// Who holds the lock, where the file says it.
pub(super) fn holder(scratch: &Dir) -> Result<Option<Holder>> {
    let Some(file) = scratch.open_file(name(), OFlags::RDONLY)? else {
        return Ok(None);
    };
    let mut text = Vec::new();
    let read = file.take(4096).read_to_end(&mut text);
    Ok(read.ok().and_then(|_| serde_json::from_slice(&text).ok()))
}

fn describe(holder: Option<&Holder>) -> String {
    match holder {
        Some(Holder { pid, operation, .. }) => {
            format!(
                "process {pid} (`{}`), which is changing this home",
                escape(operation)
            )
        }
        None => "another process, which is changing this home".to_owned(),
    }
}

fn locked(holder: Option<&Holder>, scratch: &Dir) -> Error {
    Error::new(
        ErrorKind::HomeLocked,
        format!("the home is locked by {}", describe(holder)),
    )
    .with_path(scratch.path().join(name()))
}

fn nested(holder: &Holder) -> Error {
    Error::new(
        ErrorKind::HomeNested,
        format!(
            "this home cannot be changed from within a command that `{}` (process {}) runs in it",
            escape(&holder.operation),
            holder.pid
        ),
    )
}

pub(super) fn called_back() -> Error {
    Error::new(
        ErrorKind::HomeNested,
        "this home cannot be changed from within a callback of an operation that is changing it",
    )
}
