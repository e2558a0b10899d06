//! One repository's place in the object cache.
//!
//! ```text
//! <cache>/git/<hash>/      the hash of the canonical URL
//!   atk-url                the canonical URL, so that no two URLs share an entry by accident
//!   atk-lock               held shared while the entry is in use, exclusively to throw objects away
//!   atk-used               its modification time says when the entry was last used
//!   atk-refused            kinds of filters that the server does not serve
//!   index-<blob>.json      files beside the objects, made from one of them
//!   objects/pack/          the objects
//!   objects/atk-large      ids and sizes of those that are too large to be read
//!   .tmp…/                 what is on its way in; what a killed process left goes when the entry is opened next
//! ```
//!
//! `https`, `http` and `ssh` URLs of one repository share an entry: objects are what their ids
//! say, wherever they came from.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind as IoKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::bounds::Bounds;
use super::store::Store;
use crate::error::{Error, ErrorKind, Result};
use crate::file_lock;

/// An entry in use. It cannot be evicted meanwhile.
pub(crate) struct Entry {
    url: String,
    dir: PathBuf,
    bounds: Bounds,
    lock: File,
    /// Where objects go while the entry's own are damaged and others use them.
    aside: Option<TempDir>,
}

/// The directory of all entries.
pub(crate) fn entries_dir(cache_dir: &Path) -> PathBuf {
    cache_dir.join("git")
}

/// Of more packs than this the older half goes after a fetch: each is a file to search, and a pack is
/// small, so fetching again what is still needed costs less than repacking.
const MAX_PACKS: usize = 100;
/// The largest file beside the objects that is read.
const MAX_SIDE_FILE: u64 = 256 << 20;

impl Entry {
    /// Opens the entry of a canonical URL, and makes it if it is missing.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn open(cache_dir: &Path, url: &str, bounds: &Bounds) -> Result<(Self, Store)> {
        let dir = entries_dir(cache_dir).join(Self::name(url)?);
        let mut entry = Self::lock(url, dir, bounds)?;
        match entry.side_file("atk-url") {
            Some(known) if known == url.as_bytes() => {}
            None if !entry.dir.join("objects").exists() => entry.put_url()?,
            // Foreign, or damaged: the URL is written before there are objects.
            _ => entry.discard()?,
        }
        let store = entry.open_store()?;
        entry.touch();
        Ok((entry, store))
    }

    /// Opens the entry of a canonical URL without updating its time of last use. Returns `None` if it does
    /// not exist, or belongs to another URL.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn open_existing(
        cache_dir: &Path,
        url: &str,
        bounds: &Bounds,
    ) -> Result<Option<(Self, Store)>> {
        let dir = entries_dir(cache_dir).join(Self::name(url)?);
        if !dir.join("objects").exists() {
            return Ok(None);
        }
        let entry = Self::lock(url, dir, bounds)?;
        if entry.side_file("atk-url").as_deref() != Some(url.as_bytes()) {
            return Ok(None);
        }
        let store = entry.open_store()?;
        Ok(Some((entry, store)))
    }

    /// Removes the older half of the packs if there are too many, unless another process uses them. What
    /// cannot be removed is tried again after the next fetch.
    pub(crate) fn drop_old_packs(&self) {
        let packs = self.dir.join("objects/pack");
        let mut found: Vec<_> = std::fs::read_dir(packs)
            .into_iter()
            .flatten()
            .flatten()
            .map(|item| item.path())
            .filter(|path| path.extension().is_some_and(|end| end == "pack"))
            .collect();
        if found.len() <= MAX_PACKS || !file_lock::try_exclusive(&self.lock).unwrap_or(false) {
            return;
        }
        found.sort_by_cached_key(|path| path.metadata().and_then(|meta| meta.modified()).ok());
        found.truncate(found.len() - MAX_PACKS / 2);
        for pack in found {
            // The index first: it is what makes the pack visible.
            let _ = std::fs::remove_file(pack.with_extension("idx"));
            let _ = std::fs::remove_file(pack);
        }
        let _ = file_lock::wait_shared(&self.lock);
    }

    /// The name of the entry of a canonical URL, in the directory of all entries.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal).
    pub(crate) fn name(url: &str) -> Result<String> {
        let hash = git2::Oid::hash_object(git2::ObjectType::Blob, url.as_bytes());
        hash.map(|hash| hash.to_string())
            .map_err(|e| Error::new(ErrorKind::Internal, "cannot hash").with_cause(e))
    }

    fn lock(url: &str, dir: PathBuf, bounds: &Bounds) -> Result<Self> {
        let path = dir.join("atk-lock");
        let failed = |error| Error::io("cannot open the object cache", &path, error);
        // An eviction may take the directory away between two of these steps.
        for _ in 0..20 {
            make_private_dir(&dir)?;
            let lock = match OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)
            {
                Ok(lock) => lock,
                Err(error) if error.kind() == IoKind::NotFound => continue,
                Err(error) => return Err(failed(error)),
            };
            // Alone: what is unfinished there is of a process that was killed.
            if file_lock::try_exclusive(&lock).unwrap_or(false) {
                remove_leftovers(&dir);
            }
            file_lock::wait_shared(&lock).map_err(failed)?;
            if is_at(&lock, &path) {
                return Ok(Entry {
                    url: url.to_owned(),
                    dir,
                    bounds: bounds.clone(),
                    lock,
                    aside: None,
                });
            }
        }
        Err(failed(IoKind::NotFound.into()))
    }

    /// Where the objects are: the entry's directory, or the one that stands in for it.
    pub(crate) fn place(&self) -> &Path {
        self.aside.as_ref().map_or(&self.dir, TempDir::path)
    }

    /// Opens the objects, as they are now.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub(crate) fn open_store(&self) -> Result<Store> {
        Store::open(self.place().join("objects"), &self.bounds)
    }

    /// Throws the objects away and begins with none. Where others use the entry, they keep what
    /// they have, and this one goes on in a directory of its own until it is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn restart(&mut self) -> Result<Store> {
        self.discard()?;
        self.open_store()
    }

    fn discard(&mut self) -> Result<()> {
        let io = |error| Error::io("cannot empty the object cache", &self.dir, error);
        // Converting a lock lets it go first, so an eviction may come between: then the entry is
        // without a name, and works until it is dropped.
        if file_lock::try_exclusive(&self.lock).unwrap_or(false) {
            let emptied = empty(&self.dir);
            file_lock::wait_shared(&self.lock).map_err(io)?;
            self.aside = None;
            emptied.map_err(io)?;
            return self.put_url();
        }
        file_lock::wait_shared(&self.lock).map_err(io)?;
        self.aside = Some(tempfile::tempdir_in(&self.dir).map_err(io)?);
        Ok(())
    }

    fn put_url(&self) -> Result<()> {
        self.put_side_file("atk-url", self.url.as_bytes())
    }

    /// Reads a small file that lies beside the objects.
    pub(crate) fn side_file(&self, name: &str) -> Option<Vec<u8>> {
        let file = File::open(self.dir.join(name)).ok()?;
        let mut bytes = Vec::new();
        let read = file.take(MAX_SIDE_FILE).read_to_end(&mut bytes).ok()?;
        ((read as u64) < MAX_SIDE_FILE).then_some(bytes)
    }

    /// Replaces such a file as a whole.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn put_side_file(&self, name: &str, bytes: &[u8]) -> Result<()> {
        replace(&self.dir, name, bytes)
    }

    /// Notes that the entry was used now.
    fn touch(&self) {
        let used = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.dir.join("atk-used"));
        // A stamp that cannot be set makes the entry an earlier candidate for eviction, no more.
        let _ = used.and_then(|file| file.set_modified(SystemTime::now()));
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // Not left to the closing of the file: a child between fork and exec holds it too.
        file_lock::release(&self.lock);
    }
}

fn replace(dir: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(bytes)?;
        file.persist(dir.join(name))?;
        std::io::Result::Ok(())
    };
    write().map_err(|error| Error::io("cannot write", &dir.join(name), error))
}

/// Removes what killed processes left in an entry. The caller holds its lock exclusively.
pub(super) fn remove_leftovers(dir: &Path) {
    for place in [dir.to_owned(), dir.join("objects")] {
        for item in std::fs::read_dir(place).into_iter().flatten().flatten() {
            if item.file_name().to_string_lossy().starts_with(".tmp") {
                // It is a file or a directory; what cannot be removed is tried again later.
                let _ = std::fs::remove_file(item.path());
                let _ = std::fs::remove_dir_all(item.path());
            }
        }
    }
}

/// True if the open file is the one that the path names.
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), path.metadata()) {
        (Ok(held), Ok(named)) => held.ino() == named.ino() && held.dev() == named.dev(),
        _ => false,
    }
}

/// Removes everything but the lock.
fn empty(dir: &Path) -> std::io::Result<()> {
    for item in std::fs::read_dir(dir)? {
        let item = item?;
        if item.file_name() == "atk-lock" {
            continue;
        }
        let removed = match item.file_type()?.is_dir() {
            true => std::fs::remove_dir_all(item.path()),
            false => std::fs::remove_file(item.path()),
        };
        match removed {
            Err(error) if error.kind() != IoKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes a directory that only its owner can enter: it may hold what a private repository holds.
fn make_private_dir(dir: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| Error::io("cannot create the object cache", dir, error))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::fetching) fn bounds() -> Bounds {
        Bounds {
            transfer: 1 << 30,
            blob: 1 << 20,
            timeout: std::time::Duration::from_secs(20),
            rate: 0,
            memory: std::sync::Arc::default(),
        }
    }

    #[test]
    fn what_a_killed_process_left_goes_at_once_and_what_lives_stays() {
        let cache = tempfile::tempdir().unwrap();
        let (first, store) = open(&cache, "host/a");
        let left = [first.place().join(".tmpA"), store.dir().join(".tmpB")];
        for dir in &left {
            std::fs::create_dir(dir).unwrap();
            std::fs::write(dir.join("x"), "x").unwrap();
        }
        std::fs::write(first.place().join(".tmpC"), "x").unwrap();
        let (second, _) = open(&cache, "host/a");
        assert!(
            left.iter().all(|dir| dir.exists()),
            "another process is at work"
        );
        drop((first, second));
        let (third, _) = open(&cache, "host/a");
        assert!(!left.iter().any(|dir| dir.exists()));
        assert!(!third.place().join(".tmpC").exists());
    }

    fn open(cache: &TempDir, url: &str) -> (Entry, Store) {
        Entry::open(cache.path(), url, &bounds()).unwrap()
    }

    #[test]
    fn a_foreign_entry_is_emptied() {
        let cache = tempfile::tempdir().unwrap();
        let (entry, _) = open(&cache, "host/a");
        entry.put_side_file("index-1.json", b"x").unwrap();
        let dir = entry.place().to_owned();
        drop(entry);
        assert!(open(&cache, "host/a").0.side_file("index-1.json").is_some());

        std::fs::write(dir.join("atk-url"), "host/b").unwrap();
        assert!(open(&cache, "host/a").0.side_file("index-1.json").is_none());
        std::fs::remove_dir_all(&dir).unwrap();
        std::fs::write(&dir, "a file").unwrap();
        assert!(Entry::open(cache.path(), "host/a", &bounds()).is_err());
    }

    #[test]
    fn what_others_use_is_not_taken_from_them() {
        let cache = tempfile::tempdir().unwrap();
        let (first, store) = open(&cache, "host/a");
        std::fs::write(store.dir().join("pack/x.pack"), "x").unwrap();
        let (mut second, _) = open(&cache, "host/a");
        let fresh = second.restart().unwrap();
        assert_ne!(fresh.dir(), store.dir());
        assert_eq!((store.packs(), fresh.packs()), (1, 0));
        drop(first);
        let fresh = second.restart().unwrap();
        assert_eq!((fresh.dir(), fresh.packs()), (store.dir(), 0));
        assert_eq!(second.side_file("atk-url").unwrap(), b"host/a");
    }
}
