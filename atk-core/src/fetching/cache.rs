//! The object cache as a whole: what it holds, how it is emptied, how it stays within its limit.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use walkdir::WalkDir;

use super::entry::{entries_dir, remove_leftovers};
use crate::error::{Error, Result};
use crate::file_lock;

/// One repository of the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CachedRepository {
    /// Its canonical URL; empty if the entry does not say.
    pub(crate) url: String,
    /// Bytes on disk.
    pub(crate) bytes: u64,
    /// When it was last used.
    pub(crate) last_used: SystemTime,
    dir: PathBuf,
}

/// How often the cache is measured, at most.
const SWEEP_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// Entries that were not used for so long go.
const MAX_AGE: Duration = Duration::from_secs(180 * 24 * 3600);

/// The repositories of the cache, the last used first.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(crate) fn report(cache_dir: &Path) -> Result<Vec<CachedRepository>> {
    let root = entries_dir(cache_dir);
    let io = |error| Error::io("cannot read the object cache", &root, error);
    let listed = match std::fs::read_dir(&root) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(error)),
    };
    let mut found = Vec::new();
    for item in listed {
        let item = item.map_err(io)?;
        if item.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.push(measure(item.path()));
        }
    }
    found.sort_by(|a, b| b.last_used.cmp(&a.last_used).then(a.url.cmp(&b.url)));
    Ok(found)
}

fn measure(dir: PathBuf) -> CachedRepository {
    let url = std::fs::read(dir.join("atk-url")).unwrap_or_default();
    let used = std::fs::metadata(dir.join("atk-used")).and_then(|meta| meta.modified());
    let sizes = WalkDir::new(&dir).into_iter().flatten();
    CachedRepository {
        url: String::from_utf8_lossy(&url).into_owned(),
        bytes: sizes
            .filter_map(|item| item.metadata().ok().filter(std::fs::Metadata::is_file))
            .map(|meta| meta.len())
            .sum(),
        last_used: used.unwrap_or(SystemTime::UNIX_EPOCH),
        dir,
    }
}

/// Removes every repository that no process uses; says which.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(crate) fn clear(cache_dir: &Path) -> Result<Vec<CachedRepository>> {
    let mut removed = Vec::new();
    for entry in report(cache_dir)? {
        if remove(&entry.dir)? {
            removed.push(entry);
        }
    }
    Ok(removed)
}

/// Removes the repositories that were not used for the longest time until `limit` bytes remain,
/// and those that were not used for half a year. Looks at most every few hours, unless `now`.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(crate) fn sweep(cache_dir: &Path, limit: u64, now: bool) -> Result<()> {
    let stamp = entries_dir(cache_dir).join("swept");
    let age = |path: &Path| {
        let modified = std::fs::metadata(path).and_then(|meta| meta.modified());
        modified.ok().and_then(|time| time.elapsed().ok())
    };
    if !now && age(&stamp).is_some_and(|age| age < SWEEP_PAUSE) {
        return Ok(());
    }
    File::create(&stamp)
        .and_then(|file| file.set_modified(SystemTime::now()))
        .map_err(|error| Error::io("cannot write", &stamp, error))?;
    let mut kept = 0;
    for entry in report(cache_dir)? {
        kept += entry.bytes;
        let old = entry.last_used.elapsed().is_ok_and(|age| age > MAX_AGE);
        if (kept > limit || old) && remove(&entry.dir)? {
            kept -= entry.bytes;
        } else {
            sweep_leftovers(&entry.dir);
        }
    }
    Ok(())
}

/// Removes an entry, unless it is in use.
fn remove(dir: &Path) -> Result<bool> {
    let io = |error| Error::io("cannot remove", dir, error);
    let lock = File::options().write(true).open(dir.join("atk-lock")).ok();
    if lock
        .as_ref()
        .is_some_and(|lock| !file_lock::try_exclusive(lock).unwrap_or(false))
    {
        return Ok(false);
    }
    // It disappears at once, whatever becomes of the removal.
    let parent = dir.parent().unwrap_or(dir);
    let trash = tempfile::tempdir_in(parent).map_err(io)?;
    let moved = std::fs::rename(dir, trash.path().join("entry"));
    if let Some(lock) = lock {
        file_lock::release(&lock);
    }
    match moved {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io(error)),
        _ => trash.close().map(|()| true).map_err(io),
    }
}

/// Removes what killed processes left in an entry, unless it is in use.
fn sweep_leftovers(dir: &Path) {
    let lock = File::options().write(true).open(dir.join("atk-lock"));
    if let Ok(lock) = lock
        && file_lock::try_exclusive(&lock).unwrap_or(false)
    {
        remove_leftovers(dir);
        file_lock::release(&lock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetching::entry::Entry;
    use crate::fetching::entry::tests::bounds;

    fn fill(cache: &Path, url: &str, bytes: usize, age: u64) {
        let (entry, _) = Entry::open(cache, url, &bounds()).unwrap();
        entry
            .put_side_file("index-x.json", &vec![0; bytes])
            .unwrap();
        let used = SystemTime::now() - Duration::from_secs(age);
        let stamp = File::options()
            .write(true)
            .open(entry.place().join("atk-used"));
        stamp.unwrap().set_modified(used).unwrap();
    }

    fn urls(cache: &Path) -> Vec<String> {
        report(cache)
            .unwrap()
            .into_iter()
            .map(|entry| entry.url)
            .collect()
    }

    #[test]
    fn the_longest_unused_go_first_and_those_in_use_stay() {
        let cache = tempfile::tempdir().unwrap();
        let cache = cache.path();
        assert_eq!(report(cache).unwrap(), []);
        fill(cache, "host/old", 5000, 300);
        fill(cache, "host/used", 5000, 200);
        fill(cache, "host/new", 5000, 100);
        fill(cache, "host/ancient", 1, MAX_AGE.as_secs() + 10);
        assert_eq!(
            urls(cache),
            ["host/new", "host/used", "host/old", "host/ancient"]
        );
        assert!(report(cache).unwrap()[0].bytes >= 5000);

        sweep(cache, 100_000, true).unwrap();
        assert_eq!(urls(cache), ["host/new", "host/used", "host/old"]);
        let (held, _) = Entry::open(cache, "host/used", &bounds()).unwrap();
        std::fs::remove_file(held.place().join("atk-used")).unwrap();
        sweep(cache, 5100, false).unwrap();
        assert_eq!(urls(cache).len(), 3, "not so soon after the last time");
        sweep(cache, 5100, true).unwrap();
        assert_eq!(urls(cache), ["host/new", "host/used"]);
        assert_eq!(clear(cache).unwrap().len(), 1);
        assert_eq!(urls(cache), ["host/used"]);
    }
}
