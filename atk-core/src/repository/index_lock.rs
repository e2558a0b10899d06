//! Holding git's index lock while a commit is made.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::Repository;
use super::lock_file::{self, LockFile};
use crate::error::{Error, Result};
use crate::host::CancelToken;

/// What a lock of ours holds. Git's own locks are empty, or begin with `DIRC`.
const MARK: &[u8] = b"held by ATK while it commits\n";

/// The size of an index without an entry: a header and a checksum.
pub(super) const SMALLEST: usize = 12 + 20;

/// True if these bytes begin like an index.
pub(super) fn is_index(bytes: &[u8]) -> bool {
    bytes.len() >= SMALLEST && bytes.starts_with(b"DIRC")
}

/// Git's `index.lock`, held: no git process changes the index meanwhile.
///
/// With it goes the directory `atk-commit` in the git directory, for what a commit prepares. The
/// index that will replace the present one is prepared there. Dropping the lock without
/// [`IndexLock::publish`] leaves the index as it was.
#[must_use = "dropping it releases the lock"]
pub(super) struct IndexLock {
    git_dir: PathBuf,
    /// None once it is released.
    file: Option<LockFile>,
}

/// What the draft of the index starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Draft {
    /// A copy of the present index.
    Copied,
    /// Nothing: there is no index, or one that cannot be read (empty, say, after a power cut).
    Nothing,
}

impl IndexLock {
    /// Takes the lock, waiting up to `patience` for another git process.
    ///
    /// # Errors
    /// Those of [`LockFile::acquire`].
    pub(super) fn acquire(
        repository: &Repository,
        patience: Duration,
        cancel: &CancelToken,
    ) -> Result<Self> {
        let git_dir = &repository.git_dir;
        let index = git_dir.join("index");
        let file = LockFile::acquire(&index, MARK, git_dir, &is_ours, patience, cancel)?;
        let lock = IndexLock {
            git_dir: git_dir.clone(),
            file: Some(file),
        };
        lock.clear();
        for directory in [git_dir, &repository.common_dir] {
            lock_file::sweep(directory);
        }
        let workshop = lock.workshop();
        fs::create_dir(&workshop).map_err(|error| Error::io("cannot create", &workshop, error))?;
        Ok(lock)
    }

    /// Takes over the lock of a killed process, with what that had prepared. None if there is no
    /// such lock: others may have changed the index since.
    pub(super) fn adopt(repository: &Repository) -> Option<Self> {
        let git_dir = &repository.git_dir;
        let file = LockFile::adopt(&git_dir.join("index"), &is_ours)?;
        Some(IndexLock {
            git_dir: git_dir.clone(),
            file: Some(file),
        })
    }

    /// The directory of what a commit prepares.
    pub(super) fn workshop(&self) -> PathBuf {
        self.git_dir.join("atk-commit")
    }

    /// The index that will replace the present one, while it is being made.
    pub(super) fn draft(&self) -> PathBuf {
        self.workshop().join("draft")
    }

    /// The same index, once it is complete.
    pub(super) fn ready(&self) -> PathBuf {
        self.workshop().join("ready")
    }

    /// The file for an index that the commit is made from.
    pub(super) fn scratch(&self) -> PathBuf {
        self.workshop().join("scratch")
    }

    /// Copies the present index to the draft, if there is one that looks like an index.
    ///
    /// The copy keeps the index's time: git takes a file that changed at or after that time for
    /// changed, whatever its size says, and a later time would hide such changes.
    pub(super) fn fill_draft(&self) -> Result<Draft> {
        let (index, draft) = (self.git_dir.join("index"), self.draft());
        let copy = || -> io::Result<Draft> {
            let bytes = fs::read(&index)?;
            if !is_index(&bytes) {
                return Ok(Draft::Nothing);
            }
            let metadata = fs::metadata(&index)?;
            fs::write(&draft, bytes)?;
            fs::set_permissions(&draft, metadata.permissions())?;
            File::options()
                .write(true)
                .open(&draft)?
                .set_modified(metadata.modified()?)?;
            Ok(Draft::Copied)
        };
        match copy() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Draft::Nothing),
            other => other.map_err(|error| Error::io("cannot copy the index to", &draft, error)),
        }
    }

    /// Says that the draft is complete, and waits until it is on the disk.
    pub(super) fn finish_draft(&self) -> Result<()> {
        let (draft, ready) = (self.draft(), self.ready());
        fs::rename(&draft, &ready)
            .and_then(|()| File::open(&ready)?.sync_all())
            .map_err(|error| Error::io("cannot finish", &draft, error))
    }

    /// Puts the complete draft, if there is one, in the place of the index, waits until that is on
    /// the disk, and releases the lock.
    pub(super) fn publish(mut self) -> Result<()> {
        let (ready, index) = (self.ready(), self.git_dir.join("index"));
        let mut publish = || -> io::Result<()> {
            // Hooks may have changed it since it was finished.
            match File::open(&ready) {
                Ok(file) => file.sync_all()?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            match fs::rename(&ready, &index) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            self.clear();
            if let Some(file) = self.file.take() {
                file.release();
            }
            // The journal goes next: from then on nothing would write the index again, nor tell
            // the lock from one of git's.
            File::open(&self.git_dir)?.sync_all()
        };
        publish().map_err(|error| Error::io("cannot replace", &index, error))
    }

    /// Deletes what a commit prepared, and what a killed process left of it. Older versions kept
    /// these files beside the index.
    fn clear(&self) {
        let _ = fs::remove_dir_all(self.workshop());
        for old in [
            "atk-index",
            "atk-index.lock",
            "atk-scratch",
            "atk-scratch.lock",
            "atk-settings",
        ] {
            let _ = fs::remove_file(self.git_dir.join(old));
        }
    }
}

impl Drop for IndexLock {
    fn drop(&mut self) {
        if self.file.is_some() {
            self.clear();
        }
    }
}

fn is_ours(content: &[u8]) -> bool {
    content == MARK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::repository::fixture::Home;

    fn acquire(home: &Home) -> Result<IndexLock> {
        IndexLock::acquire(&home.open(), Duration::from_millis(60), &CancelToken::new())
    }

    fn index(home: &Home) -> Vec<u8> {
        fs::read(home.root().join(".git/index")).unwrap()
    }

    /// What is in the git directory beside git's own files.
    fn leftovers(home: &Home) -> Vec<String> {
        let mut names = home.git_dir_files();
        names.retain(|name| name.starts_with("atk-") || name.ends_with(".lock"));
        names
    }

    #[test]
    fn one_holder_at_a_time_and_a_drop_changes_nothing() {
        let home = Home::new();
        let before = index(&home);
        let lock = acquire(&home).unwrap();
        let error = acquire(&home).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::GitFailed);
        assert_eq!(lock.fill_draft().unwrap(), Draft::Copied);
        lock.finish_draft().unwrap();
        drop(lock);
        assert_eq!(leftovers(&home), [""; 0]);
        assert_eq!(index(&home), before);
    }

    #[test]
    fn a_published_draft_is_the_index() {
        let home = Home::new();
        let lock = acquire(&home).unwrap();
        fs::write(lock.draft(), "new").unwrap();
        lock.finish_draft().unwrap();
        lock.publish().unwrap();
        assert_eq!(leftovers(&home), [""; 0]);
        assert_eq!(index(&home), b"new");
    }

    #[test]
    fn a_lock_of_a_killed_process_is_taken_over_and_one_of_gits_is_not() {
        let home = Home::new();
        let lock = home.root().join(".git/index.lock");
        for left in [
            "index.lock",
            "atk-index.lock",
            "atk-lock-a1B2c3",
            "atk-settings",
        ] {
            home.write(&format!(".git/{left}"), "left");
        }
        home.write(".git/atk-commit/objects/ab/cd", "left");
        fs::write(&lock, MARK).unwrap();
        drop(acquire(&home).unwrap());
        assert_eq!(leftovers(&home), [""; 0]);
        for text in ["", "DIRC"] {
            fs::write(&lock, text).unwrap();
            assert!(acquire(&home).is_err(), "{text:?}");
            assert!(lock.exists());
        }
    }

    #[test]
    fn what_a_killed_process_prepared_is_kept_only_with_its_lock() {
        let home = Home::new();
        assert!(IndexLock::adopt(&home.open()).is_none());
        home.write(".git/index.lock", "");
        assert!(IndexLock::adopt(&home.open()).is_none());
        fs::write(home.root().join(".git/index.lock"), MARK).unwrap();
        home.write(".git/atk-commit/ready", "prepared");
        IndexLock::adopt(&home.open()).unwrap().publish().unwrap();
        assert_eq!(index(&home), b"prepared");
        assert_eq!(leftovers(&home), [""; 0]);
    }

    #[test]
    fn a_lock_that_stays_names_the_file_and_how_to_remove_it() {
        let home = Home::new();
        home.write(".git/index.lock", "");
        let error = acquire(&home).err().unwrap();
        assert!(error.to_string().ends_with(".git/index.lock`"), "{error}");
        let help = error.details().help.clone().unwrap();
        assert!(
            help.contains("run `rm '") && help.contains(".git/index.lock'`"),
            "{help}"
        );
    }

    #[test]
    fn a_cancel_ends_the_wait() {
        let home = Home::new();
        home.write(".git/index.lock", "");
        let cancel = CancelToken::new();
        cancel.cancel();
        let error = IndexLock::acquire(&home.open(), Duration::from_secs(5), &cancel)
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
