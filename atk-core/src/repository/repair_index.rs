//! An index that git cannot read, made anew from HEAD.
//!
//! Git replaces the index without waiting for the disk, so a power cut can leave an empty one. Git
//! then refuses nearly every command in the home.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::time::Duration;

use super::index_lock::{IndexLock, SMALLEST, is_index};
use super::program::Run;
use super::{Backend, Repository};
use crate::error::{Error, Result};
use crate::host::CancelToken;

impl Repository {
    /// Makes the index anew from HEAD if it is too short for an index, or does not begin like one.
    /// Returns true if it did. The home's lock is held.
    ///
    /// # Errors
    /// Those of taking git's `index.lock`, [`ErrorKind::Io`](crate::ErrorKind::Io), and
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed) if HEAD cannot be read.
    pub(crate) fn repair_index(&self, patience: Duration, cancel: &CancelToken) -> Result<bool> {
        if !self.has_broken_index()? {
            return Ok(false);
        }
        let lock = IndexLock::acquire(self, patience, cancel)?;
        // Another git process may have made it anew before the lock was taken.
        if !self.has_broken_index()? {
            return Ok(false);
        }
        match &self.engine {
            Backend::InProcess => self.fill_in_process(&lock)?,
            Backend::Program(_) => {
                let head = self.head()?;
                let tree = head.as_ref().map_or("--empty", |head| head.as_str());
                let draft = lock.draft();
                let read = Run::new(&["read-tree", tree]).index(&draft);
                self.run(read.cancel(cancel))?.succeeded()?;
            }
        }
        lock.finish_draft()?;
        lock.publish()?;
        Ok(true)
    }

    fn has_broken_index(&self) -> Result<bool> {
        let path = self.git_dir.join("index");
        let mut start = Vec::new();
        let read = File::open(&path).and_then(|index| {
            let wanted = u64::try_from(SMALLEST).unwrap_or(u64::MAX);
            index.take(wanted).read_to_end(&mut start)
        });
        match read {
            Ok(_) => Ok(!is_index(&start)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io("cannot read", &path, error)),
        }
    }

    fn fill_in_process(&self, lock: &IndexLock) -> Result<()> {
        let repository = self.open_in_process()?;
        let fill = || -> std::result::Result<(), git2::Error> {
            let mut index = git2::Index::open(&lock.draft())?;
            repository.set_index(&mut index)?;
            match repository.head() {
                Ok(head) => index.read_tree(&head.peel_to_tree()?)?,
                Err(error) if error.code() == git2::ErrorCode::UnbornBranch => {}
                Err(error) => return Err(error),
            }
            index.write()
        };
        fill().map_err(|error| {
            super::failure::failed("cannot make the git index anew in", &self.root, &error)
        })
    }
}
