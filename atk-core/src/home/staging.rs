//! Directories in which an operation prepares what it will put in place.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::dir::Dir;
use super::scratch::unique_name;
use crate::error::{Error, Result};
use crate::file_lock::try_exclusive;

/// A fresh directory on the home's file system, removed on drop with what is left in it.
///
/// It needs no lock of the home: beside it lies a lock file of its own, by which a sweep tells the
/// staging of a living process from what a killed one left behind.
#[derive(Debug)]
#[must_use = "the directory is removed when this is dropped"]
pub(crate) struct Staging {
    parent: Dir,
    id: OsString,
    path: PathBuf,
    lock: File,
}

impl Staging {
    pub(super) fn new(scratch: &Dir) -> Result<Staging> {
        let parent = scratch.child_or_new(OsStr::new("staging"))?;
        loop {
            let id = unique_name();
            let lock_name = lock_name(&id);
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
            let lock = parent
                .open_file(&lock_name, flags)?
                .ok_or_else(|| parent.refusal("cannot create", &lock_name, Errno::NOENT))?;
            // Only a sweep competes for it, and holds it for a moment.
            while !try_exclusive(&lock)
                .map_err(|error| Error::io("cannot lock", &parent.path().join(&lock_name), error))?
            {
                std::thread::sleep(Duration::from_millis(1));
            }
            // A sweep may have come between the two and taken the file for a dead one.
            if !parent.exists(&lock_name)? {
                continue;
            }
            parent.make(&id, 0o777)?;
            return Ok(Staging {
                path: parent.path().join(&id),
                parent,
                id,
                lock,
            });
        }
    }

    /// Its absolute path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Where this fails, the next operation's sweep does it.
        let _ = self.parent.remove_tree(&self.id);
        let _ = self.parent.unlink(&lock_name(&self.id));
        let _ = self.lock.unlock();
    }
}

/// Removes what killed processes left behind, as far as it lets itself be removed.
pub(super) fn sweep(scratch: &Dir) -> Result<()> {
    let Some(parent) = scratch.child(OsStr::new("staging"))? else {
        return Ok(());
    };
    for name in parent.names()? {
        let id = name.to_str().and_then(|name| name.strip_suffix(".lock"));
        let id = id.map_or_else(|| name.clone(), OsString::from);
        let lock_name = lock_name(&id);
        // The lock file comes before the directory and goes after it.
        let dead = match parent.open_file(&lock_name, OFlags::RDWR)? {
            None => true,
            Some(lock) => try_exclusive(&lock).unwrap_or(false),
        };
        if dead {
            let _ = parent.remove_tree(&id);
            let _ = parent.unlink(&lock_name);
        }
    }
    Ok(())
}

fn lock_name(id: &OsStr) -> OsString {
    let mut name = id.to_owned();
    name.push(".lock");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_removes_dead_staging_and_spares_the_living() {
        let temp = tempfile::tempdir().unwrap();
        let scratch = Dir::open(&temp.path().canonicalize().unwrap()).unwrap();
        let living = Staging::new(&scratch).unwrap();
        std::fs::write(living.path().join("f"), "").unwrap();
        let staging = temp.path().join("staging");
        std::fs::create_dir(staging.join("dead")).unwrap();
        std::fs::write(staging.join("dead/f"), "").unwrap();
        std::fs::write(staging.join("dead.lock"), "").unwrap();
        std::fs::create_dir(staging.join("older")).unwrap();
        sweep(&scratch).unwrap();
        assert!(living.path().join("f").exists());
        assert!(!staging.join("dead").exists() && !staging.join("dead.lock").exists());
        assert!(!staging.join("older").exists());
        drop(living);
        assert_eq!(std::fs::read_dir(&staging).unwrap().count(), 0);
    }
}
