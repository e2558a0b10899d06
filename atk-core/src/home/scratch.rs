//! The scratch: ATK's own directory in a home, on the home's file system.

use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher, Hasher, RandomState};

use super::dir::Dir;
use super::path::HomePath;
use super::root::Root;
use crate::error::{Error, Result};

/// The open scratch of a home.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) dir: Dir,
    /// New files, before they are put in place.
    pub(super) temp: Dir,
    /// What is no longer needed, until it is deleted.
    pub(super) discarded: Dir,
}

impl Scratch {
    /// Opens the scratch, and makes what is missing of it.
    pub(super) fn open(root: &Root) -> Result<Scratch> {
        Scratch::open_in(Scratch::dir(root)?)
    }

    /// Opens the scratch whose directory is this one.
    pub(super) fn open_in(dir: Dir) -> Result<Scratch> {
        Ok(Scratch {
            temp: dir.child_or_new(OsStr::new("temp"))?,
            discarded: dir.child_or_new(OsStr::new("discarded"))?,
            dir,
        })
    }

    /// Opens the scratch's directory, and makes it if it is missing.
    pub(super) fn dir(root: &Root) -> Result<Dir> {
        let path = HomePath::scratch();
        let parent = root.parent_or_new(&path)?;
        if let Some(dir) = parent.child(path.name())? {
            return Ok(dir);
        }
        let dir = parent.child_or_new(path.name())?;
        // A journal is found only if the directory that it lies in is.
        parent.sync()?;
        Ok(dir)
    }

    /// The home's path of a new file's temporary name.
    pub(super) fn temp_path(name: &OsStr) -> HomePath {
        Scratch::temp_dir_path().child(name)
    }

    /// The home's path of the directory that holds new files.
    pub(super) fn temp_dir_path() -> HomePath {
        HomePath::scratch().child(OsStr::new("temp"))
    }

    /// The home's path of the receipts' directory.
    pub(super) fn receipts_path() -> HomePath {
        HomePath::scratch().child(OsStr::new("receipts"))
    }

    /// The home's path of the backups' directory.
    pub(super) fn backups_path() -> HomePath {
        HomePath::scratch().child(OsStr::new("backups"))
    }

    /// The home's path of the directory that holds the answers of removed plugins.
    pub(super) fn trash_path() -> HomePath {
        HomePath::scratch().child(OsStr::new("trash"))
    }

    /// The home's path of the directory that holds all staging.
    pub(super) fn staging_path() -> HomePath {
        HomePath::scratch().child(OsStr::new("staging"))
    }

    /// Moves an entry out of the home, to be deleted when the transaction has ended.
    pub(super) fn discard(&self, dir: &Dir, name: &OsStr) -> Result<()> {
        let moved = dir.rename_new(name, &self.discarded, &unique_name());
        // A full disk may have no room for the new name; a directory that its owner cannot write
        // to cannot be moved to another one.
        moved.or_else(|_| dir.remove_tree(name))
    }

    /// Deletes what nothing needs any more. Returns why something of it stays: files of another
    /// user, or a process that outlived its operation and still writes there. The next operation
    /// tries again.
    pub(super) fn sweep(&self) -> Option<Error> {
        let mut refused = None;
        for dir in [&self.temp, &self.discarded] {
            for name in dir.names().unwrap_or_default() {
                refused = refused.or(dir.remove_tree(&name).err());
            }
        }
        refused
    }
}

/// A name of 128 random bits. The standard library seeds its hash maps from the system's random
/// numbers; that spares a dependency.
pub(super) fn unique_name() -> OsString {
    let bits = || RandomState::new().build_hasher().finish();
    OsString::from(format!("{:016x}{:016x}", bits(), bits()))
}
