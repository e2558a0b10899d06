//! The record of a running `git push`, by which its locks are known if it is killed.
//!
//! A push moves refs of the remote (`refs/remotes/…`), each under a lock that git writes no name
//! into. While a push runs, an empty file in ATK's scratch says since when. It is written and
//! removed under the home's lock: whoever holds that lock and finds the file knows that the push was
//! interrupted.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::PathBuf;

use walkdir::WalkDir;

use super::Repository;
use crate::error::{Error, Result};

/// Its name in the scratch.
pub(crate) const FILE_NAME: &str = "push";

/// A push that is about to run, or runs. Dropping it says that the push has ended.
#[must_use = "without it the push counts as ended"]
pub(super) struct PushRecord(PathBuf);

impl PushRecord {
    /// # Errors
    /// The record cannot be written.
    pub(super) fn write(repository: &Repository) -> Result<PushRecord> {
        let path = repository.push_record();
        let scratch = path.parent().unwrap_or(&repository.git_dir);
        fs::create_dir_all(scratch)
            .and_then(|()| File::create(&path)?.sync_all())
            // After a power cut too it must be known whose the locks are.
            .and_then(|()| File::open(scratch)?.sync_all())
            .map_err(|error| Error::io("cannot create", &path, error))?;
        Ok(PushRecord(path))
    }
}

impl Drop for PushRecord {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Repository {
    /// Removes the locks that an interrupted push left. The home's lock is held.
    ///
    /// # Errors
    /// A lock cannot be removed.
    pub(crate) fn settle_push(&self) -> Result<()> {
        let path = self.push_record();
        let started = match fs::symlink_metadata(&path).and_then(|record| record.modified()) {
            Ok(started) => started,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io("cannot read", &path, error)),
        };
        self.remove_dead_locks(self.remote_locks(), started)?;
        fs::remove_file(&path).map_err(|error| Error::io("cannot remove", &path, error))
    }

    fn push_record(&self) -> PathBuf {
        self.git_dir.join("atk").join(FILE_NAME)
    }

    /// The locks of refs of remotes.
    fn remote_locks(&self) -> Vec<PathBuf> {
        let refs = WalkDir::new(self.common_dir.join("refs/remotes"));
        let locks = refs.into_iter().filter_map(|entry| {
            let path = entry.ok()?.into_path();
            (path.extension()? == "lock").then_some(path)
        });
        locks.collect()
    }
}
