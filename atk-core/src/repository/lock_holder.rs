//! Who holds a lock of git's, for the message of the error.

use std::path::Path;
use std::{fmt, fs};

use super::failure::shown;
use crate::error::{Error, ErrorKind};
use crate::text::escape;

/// The cause of an error: another process holds a lock of git's. Trying again may succeed.
#[derive(Debug)]
pub(super) struct LockHeld;

impl fmt::Display for LockHeld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lock is held")
    }
}

impl std::error::Error for LockHeld {}

/// True if an error says that another process holds a lock of git's.
pub(super) fn is_held(error: &Error) -> bool {
    error
        .cause()
        .is_some_and(|cause| cause.downcast_ref::<LockHeld>().is_some())
}

/// The error for a lock that another process does not release.
pub(super) fn held(lock: &Path) -> Error {
    let shown = shown(lock);
    let holder = lock.parent().and_then(holder);
    let (who, help) = match &holder {
        Some(holder) => (
            format!("{holder} holds"),
            format!("wait until {holder} has ended, then try again"),
        ),
        None => (
            "another git process holds".to_owned(),
            format!("wait until it has ended; if no git process is running, run `rm '{shown}'`"),
        ),
    };
    Error::new(
        ErrorKind::GitFailed,
        format!("cannot commit: {who} the lock `{shown}`"),
    )
    .with_path(lock)
    .with_help(help)
    .with_cause(LockHeld)
}

/// A git process that works in the repository around a directory of it. Only a hint, from the
/// process table: git writes no name into its locks.
fn holder(inside: &Path) -> Option<String> {
    let inside = inside.canonicalize().ok()?;
    fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let id: u32 = process.file_name().to_str()?.parse().ok()?;
        let name = fs::read_to_string(process.path().join("comm")).ok()?;
        let name = name.trim_end();
        let directory = fs::read_link(process.path().join("cwd")).ok()?;
        // `/` is above everything, and says nothing.
        let near = directory.parent().is_some()
            && (inside.starts_with(&directory) || directory.starts_with(&inside));
        (id != std::process::id() && near && (name == "git" || name.starts_with("git-")))
            .then(|| format!("process {id} (`{}`)", escape(name)))
    })
}
