//! Where an operation keeps the objects that it fetches.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use tempfile::TempDir;
use walkdir::WalkDir;

use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// The download cache, or a private one that is removed with this.
#[derive(Debug)]
pub(crate) enum ObjectCache {
    Shared(PathBuf),
    Temporary(TempDir),
}

impl ObjectCache {
    /// Takes the cache at a path if it can be written, else a temporary one, with a warning that
    /// says so: a cache that `sudo` left to root must not stop its owner.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an empty path; [`ErrorKind::Io`] if there is no place for
    /// a temporary one.
    pub(crate) fn at(
        path: &Path,
        env: &BTreeMap<OsString, OsString>,
    ) -> Result<(Self, Option<String>)> {
        if path.as_os_str().is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                "the download cache has no directory: none of `ATK_CACHE_DIR`, `XDG_CACHE_HOME` \
                 and `HOME` is set",
            )
            .with_help("set `ATK_CACHE_DIR` to a directory"));
        }
        let Err(refused) = check(path) else {
            return Ok((ObjectCache::Shared(path.to_owned()), None));
        };
        let shown = escape(&path.to_string_lossy());
        let warning = format!(
            "the download cache `{shown}` cannot be used ({refused}): downloads are not kept (if \
             root owns it, run `sudo chown -R \"$(id -u)\" {shown}`)"
        );
        Ok((ObjectCache::Temporary(temporary(env)?), Some(warning)))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            ObjectCache::Shared(path) => path,
            ObjectCache::Temporary(dir) => dir.path(),
        }
    }
}

/// Makes a private directory outside of every home, removed on drop.
///
/// # Errors
/// [`ErrorKind::Io`].
pub(crate) fn temporary(env: &BTreeMap<OsString, OsString>) -> Result<TempDir> {
    let named = env.get(OsStr::new("TMPDIR")).map(PathBuf::from);
    let base = named.filter(|path| path.is_absolute());
    let base = base.unwrap_or_else(|| "/tmp".into());
    let mut builder = tempfile::Builder::new();
    let made = builder.prefix("atk-").tempdir_in(&base);
    made.map_err(|error| Error::io("cannot create a temporary directory in", &base, error))
}

/// Checks that the cache and everything in its entries can be used. A single `sudo atk` leaves
/// files of root in an entry that its user owns: a pack that no other user may read is enough to make
/// every fetch of that repository fail.
fn check(path: &Path) -> io::Result<()> {
    let entries = path.join("git");
    std::fs::create_dir_all(&entries)?;
    check_access(&entries, true)?;
    for entry in std::fs::read_dir(&entries)? {
        let entry = entry?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            check_entry(&entry.path())?;
        }
    }
    Ok(())
}

/// Directories, the lock and the stamp of the last use are written in place; other files are only
/// read, and replaced by a rename.
fn check_entry(dir: &Path) -> io::Result<()> {
    let is_leftover = |name: &OsStr| name.as_encoded_bytes().starts_with(b".tmp");
    let items = WalkDir::new(dir)
        .into_iter()
        .filter_entry(|item| !is_leftover(item.file_name()));
    for item in items {
        let checked = item.map_err(io::Error::from).and_then(|item| {
            let is_written = item.file_type().is_dir()
                || matches!(item.file_name().to_str(), Some("atk-lock" | "atk-used"));
            check_access(item.path(), is_written)
        });
        match checked {
            // Another process may evict the entry meanwhile, or replace a file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            checked => checked?,
        }
    }
    Ok(())
}

fn check_access(path: &Path, is_written: bool) -> io::Result<()> {
    let mut wanted = Access::READ_OK;
    wanted.set(Access::WRITE_OK, is_written);
    wanted.set(Access::EXEC_OK, path.is_dir());
    access(path, wanted).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &Path) -> (ObjectCache, Option<String>) {
        ObjectCache::at(path, &BTreeMap::new()).unwrap()
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_replaced_for_one_operation() {
        let dir = tempfile::tempdir().unwrap();
        let (file, odd) = (dir.path().join("file"), dir.path().join("odd"));
        std::fs::write(&file, "").unwrap();
        std::fs::create_dir(&odd).unwrap();
        std::fs::write(odd.join("git"), "").unwrap();
        for place in [file.join("cache"), file, odd, "/proc/atk".into()] {
            let (cache, warning) = at(&place);
            let warning = warning.unwrap();
            assert!(warning.contains(place.to_str().unwrap()), "{warning}");
            let instead = cache.path().to_owned();
            assert!(instead.is_dir() && !instead.starts_with(&place));
            drop(cache);
            assert!(!instead.exists());
        }
        let new = dir.path().join("new/cache");
        let (cache, warning) = at(&new);
        assert_eq!((cache.path(), warning), (new.as_path(), None));
    }

    /// Runs as a user without the rights of root, whom no mode of a file stops.
    #[cfg(target_os = "linux")]
    fn as_user(test: impl FnOnce() + Send + 'static) {
        use rustix::process::{Uid, getuid};
        use rustix::thread::set_thread_res_uid;
        let thread = std::thread::spawn(|| {
            if getuid().is_root() {
                let user = Uid::from_raw(4242);
                // Of this thread only, which ends after the test.
                set_thread_res_uid(user, user, user).unwrap();
            }
            test();
        });
        thread.join().unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_of_another_user_in_an_entry_replaces_the_cache_for_one_operation() {
        use std::fs::{Permissions, set_permissions};
        use std::os::unix::fs::PermissionsExt;
        as_user(|| {
            let dir = tempfile::tempdir().unwrap();
            let entry = dir.path().join("git/0123");
            std::fs::create_dir_all(entry.join("objects/pack")).unwrap();
            std::fs::create_dir(entry.join(".tmp1")).unwrap();
            for file in ["atk-lock", "atk-used", "atk-url", "objects/pack/pack-1.idx"] {
                std::fs::write(entry.join(file), "").unwrap();
            }
            let set = |file: &str, mode| {
                set_permissions(entry.join(file), Permissions::from_mode(mode)).unwrap();
            };
            for (file, mode, is_usable) in [
                ("atk-lock", 0o444, false),
                ("atk-used", 0o444, false),
                ("atk-url", 0o444, true),
                ("atk-url", 0o000, false),
                ("objects", 0o555, false),
                ("objects/pack", 0o555, false),
                ("objects/pack/pack-1.idx", 0o400, true),
                ("objects/pack/pack-1.idx", 0o000, false),
                (".tmp1", 0o000, true),
                ("", 0o555, false),
            ] {
                set(file, mode);
                let (cache, warning) = at(dir.path());
                assert_eq!(cache.path() == dir.path(), is_usable, "{file} {mode:o}");
                assert_eq!(warning.is_none(), is_usable, "{file} {mode:o}");
                set(file, 0o700);
            }
            assert_eq!(at(dir.path()).0.path(), dir.path());
        });
    }

    #[test]
    fn a_cache_without_a_place_is_asked_for_by_name() {
        let error = ObjectCache::at(Path::new(""), &BTreeMap::new()).unwrap_err();
        assert!(error.to_string().contains("`ATK_CACHE_DIR`"), "{error}");
    }
}
