//! Files of ATK's own in the scratch that change outside a transaction.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::HomeDir;
use super::locked::LockedHome;
use super::path::HomePath;
use super::preserve;
use super::scratch::{Scratch, unique_name};
use crate::error::Result;

/// Who may read a note: it may name what others need not know.
const PRIVATE: u32 = 0o600;

impl HomeDir {
    /// The bytes of a note; `None` if it was never written.
    ///
    /// # Errors
    /// Those of [`HomeDir::read`].
    pub(crate) fn note(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.read(&HomePath::scratch().child(OsStr::new(name)))
    }

    /// The absolute path of the clean copies of skills, which need not exist.
    pub(crate) fn skills_dir(&self) -> PathBuf {
        let skills = HomePath::scratch().child(OsStr::new("skills"));
        self.root.at(&skills)
    }
}

impl LockedHome<'_> {
    /// Replaces a note in one step. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn write_note(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let Scratch { dir, temp, .. } = &self.scratch;
        let new = unique_name();
        temp.write_new(&new, bytes, Some(PRIVATE))?;
        self.at("write-note");
        temp.rename_over(&new, dir, OsStr::new(name))?;
        dir.sync()
    }

    /// Keeps bytes in `backups/<owner>/<time>/<name>`, and returns where.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn back_up_bytes(&self, owner: &str, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = preserve::free_directory(self, owner)?.join(name)?;
        let directory = self.root().parent_or_new(&path)?;
        directory.write_new(path.name(), bytes, Some(PRIVATE))?;
        directory.sync()?;
        Ok(self.root().at(&path))
    }

    /// Creates a directory `backups/<owner>/<time>`, and returns its absolute path.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn backup_directory(&self, owner: &str) -> Result<PathBuf> {
        let path = preserve::free_directory(self, owner)?;
        self.root().parent_or_new(&path.join("x")?)?;
        Ok(self.root().at(&path))
    }
}
