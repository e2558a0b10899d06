//! Who writes a file: names the temporary files, so that a writer knows its own.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::fetching::object::ObjectId;

const SUFFIX: &str = ".tmp";

/// The home that a file is written for. Its lock is held while one is written, so a temporary file of
/// the same home that lies there before is of a process that was killed.
#[derive(Debug)]
pub(crate) struct Writer {
    prefix: String,
    /// Where it made temporary files. Those that could not be removed are tried again when it is
    /// dropped.
    directories: RefCell<BTreeSet<PathBuf>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        for directory in self.directories.take() {
            self.remove_leftovers(&directory);
        }
    }
}

impl Writer {
    /// The writer for the home at this path.
    pub(crate) fn of(home: &Path) -> Writer {
        let id = ObjectId::of_blob(home.as_os_str().as_bytes()).to_string();
        Writer {
            prefix: format!(".atk-{}-", &id[..8]),
            directories: RefCell::default(),
        }
    }

    /// What names a new temporary file or directory, which is to be made in this directory.
    pub(in crate::agents) fn temporary(&self, directory: &Path) -> tempfile::Builder<'_, 'static> {
        self.directories.borrow_mut().insert(directory.to_owned());
        let mut builder = tempfile::Builder::new();
        builder.prefix(&self.prefix).suffix(SUFFIX);
        builder
    }

    /// Removes what killed processes of this writer left in a directory.
    pub(crate) fn remove_leftovers(&self, directory: &Path) {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| self.is_own(&entry.file_name())) {
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            // One that cannot be removed is tried again by the next change.
            let _ = match is_directory {
                true => fs::remove_dir_all(entry.path()),
                false => fs::remove_file(entry.path()),
            };
        }
    }

    fn is_own(&self, name: &OsStr) -> bool {
        let name = name.to_string_lossy();
        name.starts_with(&self.prefix) && name.ends_with(SUFFIX)
    }
}
