//! Holding git's index lock while a commit is made.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::shown;
use crate::error::{Error, ErrorKind, Result};
use crate::host::CancelToken;

/// How long another git process may hold the lock before we give up. Git's own commands hold it
/// for milliseconds; only an editor waiting for a commit message holds it longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// The first bytes of a lock of ours. Git's own locks are empty, or begin with `DIRC`.
const MARK: &[u8] = b"held by ATK while it commits\n";

/// Git's `index.lock`, held: no git process changes the index meanwhile.
///
/// The index that will replace the present one is prepared beside it. Dropping the lock without
/// [`IndexLock::publish`] leaves the index as it was. The open file carries a `flock`, by which a
/// lock whose owner was killed is told from one that is held.
#[must_use = "dropping it gives the lock back"]
pub(super) struct IndexLock {
    git_dir: PathBuf,
    _held: File,
}

impl IndexLock {
    /// Takes the lock, waiting up to `patience` for another git process.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] where it stays locked; [`ErrorKind::Cancelled`];
    /// [`ErrorKind::Io`].
    pub(super) fn acquire(
        git_dir: &Path,
        patience: Duration,
        cancel: &CancelToken,
    ) -> Result<Self> {
        let path = git_dir.join("index.lock");
        let deadline = Instant::now() + patience;
        loop {
            cancel.check()?;
            match take(git_dir, &path) {
                Ok(held) => {
                    let lock = IndexLock {
                        git_dir: git_dir.to_owned(),
                        _held: held,
                    };
                    lock.remove_drafts();
                    return Ok(lock);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if remove_if_abandoned(&path).unwrap_or(false) {
                        continue;
                    }
                    if Instant::now() >= deadline {
                        return Err(locked(&path));
                    }
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(Error::io("cannot make", &path, error)),
            }
        }
    }

    /// The file that will become the index.
    pub(super) fn draft(&self) -> PathBuf {
        self.git_dir.join("atk-index")
    }

    /// The file for an index that the commit is made from.
    pub(super) fn scratch(&self) -> PathBuf {
        self.git_dir.join("atk-scratch")
    }

    /// Copies the present index, if there is one, to the draft.
    ///
    /// The copy keeps the index's time: git takes a file that changed at or after that time for
    /// changed, whatever its size says, and a later time would hide such changes.
    pub(super) fn fill_draft(&self) -> Result<()> {
        let (index, draft) = (self.git_dir.join("index"), self.draft());
        let copy = || -> io::Result<()> {
            fs::copy(&index, &draft)?;
            let modified = fs::metadata(&index)?.modified()?;
            File::options()
                .write(true)
                .open(&draft)?
                .set_modified(modified)
        };
        match copy() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other.map_err(|error| Error::io("cannot copy the index to", &draft, error)),
        }
    }

    /// Puts the draft in place of the index, and gives the lock back.
    pub(super) fn publish(self) -> Result<()> {
        let index = self.git_dir.join("index");
        fs::rename(self.draft(), &index).map_err(|error| Error::io("cannot replace", &index, error))
    }

    /// What a killed process of ours may have left, too.
    fn remove_drafts(&self) {
        for draft in [self.draft(), self.scratch()] {
            // libgit2 and git write an index to `<name>.lock` and rename that.
            let _ = fs::remove_file(draft.with_extension("lock"));
            let _ = fs::remove_file(draft);
        }
    }
}

impl Drop for IndexLock {
    fn drop(&mut self) {
        self.remove_drafts();
        let _ = fs::remove_file(self.git_dir.join("index.lock"));
    }
}

/// Makes the lock file with its text and `flock` in one step, so that nobody ever sees one of
/// ours without them.
fn take(git_dir: &Path, path: &Path) -> io::Result<File> {
    let mut file = tempfile::Builder::new()
        .prefix("atk-lock-")
        .tempfile_in(git_dir)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    file.write_all(MARK)?;
    file.persist_noclobber(path).map_err(|error| error.error)
}

/// Removes a lock of ours whose owner no longer lives; says whether it did.
fn remove_if_abandoned(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut text = Vec::new();
    (&mut file).take(MARK.len() as u64).read_to_end(&mut text)?;
    if text != MARK || flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(false);
    }
    // Between opening and locking it, the owner may have finished and another may have begun.
    let (ours, present) = (file.metadata()?, fs::symlink_metadata(path)?);
    if (ours.dev(), ours.ino()) != (present.dev(), present.ino()) {
        return Ok(false);
    }
    fs::remove_file(path)?;
    Ok(true)
}

fn locked(path: &Path) -> Error {
    Error::new(
        ErrorKind::GitFailed,
        format!("another git process holds the lock `{}`", shown(path)),
    )
    .with_path(path)
    .with_help("wait until it has ended; where none is running, remove that file")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquire(dir: &Path) -> Result<IndexLock> {
        IndexLock::acquire(dir, Duration::from_millis(60), &CancelToken::new())
    }

    #[test]
    fn one_holder_at_a_time_and_a_drop_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("index"), "old").unwrap();
        let lock = acquire(dir.path()).unwrap();
        let error = acquire(dir.path()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::GitFailed);
        lock.fill_draft().unwrap();
        fs::write(lock.draft(), "new").unwrap();
        drop(lock);
        let names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names, ["index"]);
        assert_eq!(fs::read(dir.path().join("index")).unwrap(), b"old");
    }

    #[test]
    fn a_published_draft_is_the_index() {
        let dir = tempfile::tempdir().unwrap();
        let lock = acquire(dir.path()).unwrap();
        lock.fill_draft().unwrap();
        fs::write(lock.draft(), "new").unwrap();
        lock.publish().unwrap();
        let names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names, ["index"]);
    }

    #[test]
    fn a_lock_whose_owner_was_killed_is_taken_over_and_one_of_gits_is_not() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("index.lock"), MARK).unwrap();
        fs::write(dir.path().join("atk-index.lock"), "left").unwrap();
        drop(acquire(dir.path()).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        for text in ["", "DIRC"] {
            fs::write(dir.path().join("index.lock"), text).unwrap();
            assert!(acquire(dir.path()).is_err(), "{text:?}");
            assert!(dir.path().join("index.lock").exists());
        }
    }

    #[test]
    fn a_cancel_ends_the_wait() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("index.lock"), "").unwrap();
        let cancel = CancelToken::new();
        cancel.cancel();
        let error = IndexLock::acquire(dir.path(), PATIENCE, &cancel)
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
