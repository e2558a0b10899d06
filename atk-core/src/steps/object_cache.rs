//! Where an operation keeps the objects that it fetches.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use tempfile::TempDir;

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

/// Checks that the cache and each repository in it can be written.
fn check(path: &Path) -> io::Result<()> {
    let entries = path.join("git");
    std::fs::create_dir_all(&entries)?;
    let writable = |path: &Path| {
        let all = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
        access(path, all).map_err(io::Error::from)
    };
    writable(&entries)?;
    for entry in std::fs::read_dir(&entries)? {
        let entry = entry?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            match writable(&entry.path()) {
                // An eviction of another process may come between.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                checked => checked?,
            }
        }
    }
    Ok(())
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

    #[test]
    fn a_cache_without_a_place_is_asked_for_by_name() {
        let error = ObjectCache::at(Path::new(""), &BTreeMap::new()).unwrap_err();
        assert!(error.to_string().contains("`ATK_CACHE_DIR`"), "{error}");
    }
}
