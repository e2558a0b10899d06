//! Git's lock files, held by this process.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::lock_holder;
use crate::error::{Error, Result};
use crate::file_lock;
use crate::host::CancelToken;

/// How often the removal of a lock is tried.
const TRIES: usize = 3;

/// How long another git process may hold a lock before the commit fails. Git's own commands hold
/// one for milliseconds; only an editor that waits for a commit message holds one longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// The prefix of a lock file before it has its name.
const TEMPORARY: &str = "atk-lock-";

/// A lock `<name>.lock` beside a file of git's: while it is there, git and libgit2 leave that file
/// alone.
///
/// It appears in one rename, with its whole content on the disk and with a `flock` on it. So the
/// content tells a lock of ATK from one of git, also after a power cut, and the `flock` tells one
/// that is held from one whose owner was killed.
#[derive(Debug)]
#[must_use = "dropping it releases the lock"]
pub(super) struct LockFile {
    path: PathBuf,
    file: File,
    /// True once it has another name, or no longer belongs to this operation.
    done: bool,
}

/// The path of the lock for a file of git's.
pub(super) fn lock_path(target: &Path) -> PathBuf {
    let mut path = target.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

impl LockFile {
    /// Takes the lock for `target`, and waits up to `patience` for another git process.
    ///
    /// `temporary` is the directory of the file while it has no name of git's yet. It must be on
    /// the file system of `target`, and not below `refs/`, where git takes each file for a ref.
    /// A lock with a content for which `is_ours` holds is taken over from a killed owner.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] with [`lock_holder::Held`] as its cause if the lock stays held;
    /// [`ErrorKind::Cancelled`]; [`ErrorKind::Io`].
    ///
    /// [`ErrorKind::GitFailed`]: crate::error::ErrorKind::GitFailed
    /// [`ErrorKind::Cancelled`]: crate::error::ErrorKind::Cancelled
    /// [`ErrorKind::Io`]: crate::error::ErrorKind::Io
    pub(super) fn acquire(
        target: &Path,
        content: &[u8],
        temporary: &Path,
        is_ours: &dyn Fn(&[u8]) -> bool,
        patience: Duration,
        cancel: &CancelToken,
    ) -> Result<Self> {
        let path = lock_path(target);
        let deadline = Instant::now() + patience;
        loop {
            cancel.check()?;
            match take(&path, content, temporary) {
                Ok(file) => {
                    return Ok(LockFile {
                        path,
                        file,
                        done: false,
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if let Some(abandoned) = Self::adopt(target, is_ours) {
                        drop(abandoned);
                        continue;
                    }
                    if Instant::now() >= deadline {
                        return Err(lock_holder::held(&path));
                    }
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(Error::io("cannot create the lock", &path, error)),
            }
        }
    }

    /// Takes over a lock of ATK whose owner was killed. None if there is no such lock.
    pub(super) fn adopt(target: &Path, is_ours: &dyn Fn(&[u8]) -> bool) -> Option<Self> {
        let path = lock_path(target);
        let mut file = File::open(&path).ok()?;
        let mut content = Vec::new();
        // No content of a lock of ATK is longer.
        (&mut file).take(256).read_to_end(&mut content).ok()?;
        if !is_ours(&content) || !file_lock::try_exclusive(&file).unwrap_or(false) {
            return None;
        }
        // Between opening and locking it, the owner may have finished and another begun.
        let (ours, present) = (file.metadata().ok()?, fs::symlink_metadata(&path).ok()?);
        ((ours.dev(), ours.ino()) == (present.dev(), present.ino())).then_some(LockFile {
            path,
            file,
            done: false,
        })
    }

    /// Puts the lock file in the place of the file that it locks.
    pub(super) fn become_target(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.done = true;
        file_lock::release(&self.file);
        Ok(())
    }

    /// Removes the lock. What the caller changes beside it, it syncs itself.
    pub(super) fn release(mut self) {
        self.remove();
    }

    fn remove(&mut self) {
        if self.done {
            return;
        }
        self.done = true;
        // A lock that stays stops git too, until the next change takes it over. An error that
        // passes (of a network file system, say) must not leave one.
        for _ in 0..TRIES {
            match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {}
                _ => break,
            }
        }
        // Closing it does not unlock it while a child between fork and exec has a copy.
        file_lock::release(&self.file);
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.remove();
        // The journal that says whose it is may go next: the lock must not come back after a power
        // cut.
        if let Some(directory) = self.path.parent() {
            let _ = File::open(directory).and_then(|directory| directory.sync_all());
        }
    }
}

/// Makes the lock file, in one step for everyone else.
fn take(path: &Path, content: &[u8], temporary: &Path) -> io::Result<File> {
    // Another process may sweep the file away before it is locked: then it is made again.
    for _ in 0..8 {
        // The mode of a file that git makes; the umask applies.
        let mut file = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(temporary)?;
        if !file_lock::try_exclusive(file.as_file()).unwrap_or(false) {
            continue;
        }
        file.write_all(content)?;
        // Without it a power cut leaves an empty file of this name, which looks like git's own.
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(error) if error.error.kind() == io::ErrorKind::NotFound && temporary.exists() => {
                // Swept away, unless the directory of the lock itself is missing.
                if path.parent().is_some_and(Path::exists) {
                    continue;
                }
                return Err(error.error);
            }
            taken => return taken.map_err(|error| error.error),
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Deletes what killed processes left of [`take`] in a directory.
pub(super) fn sweep(temporary: &Path) {
    let Ok(entries) = fs::read_dir(temporary) else {
        return;
    };
    for entry in entries.flatten() {
        if !entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(TEMPORARY.as_bytes())
        {
            continue;
        }
        let path = entry.path();
        let unused =
            File::open(&path).is_ok_and(|file| file_lock::try_exclusive(&file).unwrap_or(false));
        if unused {
            let _ = fs::remove_file(path);
        }
    }
}
