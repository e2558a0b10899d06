//! A directory that is made beside its place, and moved there once it is complete.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::{Builder, TempDir};

use crate::disk::{sync_directory, sync_tree};
use crate::error::{Error, Result};
use crate::file_lock;

/// What the names begin with.
const PREFIX: &str = ".atk-new-";
/// One that is younger may be another process's, which has not locked it yet.
const ABANDONED_AFTER: Duration = Duration::from_secs(600);

/// Removed with all that is in it when it is dropped. What a killed process has left is removed by
/// the next one that makes a directory in the same place: it is locked only as long as its maker
/// lives.
pub(crate) struct DirectoryBeside {
    dir: TempDir,
    _lock: Option<File>,
}

impl DirectoryBeside {
    /// Makes one for a directory that will be at `place`, on the same file system: in the nearest
    /// directory above it that is there.
    pub(crate) fn of(place: &Path) -> Result<Self> {
        let mut above = place.ancestors().skip(1);
        let parent = above.find(|path| path.is_dir()).unwrap_or(Path::new("/"));
        sweep(parent);
        let dir = Builder::new().prefix(PREFIX).tempdir_in(parent);
        let dir = dir.map_err(|error| Error::io("cannot create a directory in", parent, error))?;
        // Without the lock it is kept as long as the maker of another one thinks it is young.
        let lock = File::open(dir.path()).ok();
        let _lock = lock.filter(|lock| file_lock::try_exclusive(lock).unwrap_or(false));
        Ok(DirectoryBeside { dir, _lock })
    }

    /// Where what is to be moved is made. Nothing is there yet.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("made")
    }

    /// Moves what was made to its place, when it is on the disk. There may be an empty directory;
    /// directories above it are made.
    pub(crate) fn move_to(self, place: &Path) -> std::io::Result<()> {
        let parent = place.parent().unwrap_or(Path::new("/"));
        let made = place.ancestors().skip(1);
        let made: Vec<_> = made.take_while(|path| !path.exists()).collect();
        fs::create_dir_all(parent)?;
        for above in made.into_iter().filter_map(Path::parent) {
            sync_directory(above)?;
        }
        sync_tree(&self.path())?;
        fs::rename(self.path(), place)?;
        sync_directory(parent)
    }
}

/// True if a file of this name is such a directory: in use, or left by a process that was killed.
pub(crate) fn is_one(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(PREFIX.as_bytes())
}

/// Removes what killed processes have left. What cannot be removed stays.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if is_one(&entry.file_name()) && is_abandoned(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_abandoned(path: &Path) -> bool {
    let is_old = |changed: SystemTime| {
        let age = SystemTime::now().duration_since(changed);
        age.is_ok_and(|age| age > ABANDONED_AFTER)
    };
    let found = path.symlink_metadata();
    let is_old = found.is_ok_and(|found| found.is_dir() && found.modified().is_ok_and(is_old));
    is_old && File::open(path).is_ok_and(|lock| file_lock::try_exclusive(&lock).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use std::fs::FileTimes;

    use super::*;

    fn make_old(path: &Path) {
        let long_ago = SystemTime::now() - ABANDONED_AFTER * 2;
        let times = FileTimes::new().set_modified(long_ago);
        File::open(path).unwrap().set_times(times).unwrap();
    }

    #[test]
    fn what_a_killed_process_has_left_is_removed() {
        let scratch = tempfile::tempdir().unwrap();
        let left = scratch.path().join(".atk-new-left");
        let young = scratch.path().join(".atk-new-young");
        let other = scratch.path().join("other");
        for path in [&left, &young, &other] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("file"), "x").unwrap();
        }
        make_old(&left);
        make_old(&other);
        let place = scratch.path().join("a/b/place");
        let used = DirectoryBeside::of(&place).unwrap();
        assert!(!left.exists() && young.exists() && other.exists());

        // One in use stays, however old it is.
        make_old(used.dir.path());
        let next = DirectoryBeside::of(&place).unwrap();
        fs::create_dir(used.path()).unwrap();
        used.move_to(&place).unwrap();
        drop(next);
        assert!(place.is_dir());
        let names = fs::read_dir(scratch.path()).unwrap().flatten();
        let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        names.sort();
        assert_eq!(names, [".atk-new-young", "a", "other"]);
    }
}
