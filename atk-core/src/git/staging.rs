//! Objects that arrived and are not in the cache yet.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use git2::Odb;
use tempfile::TempDir;

use super::object::ObjectId;
use super::store::{LARGE, Store, is_too_large, open_odb};
use crate::error::{Error, Result};

/// A directory for objects that nobody else sees, on the file system of the cache. Dropped before
/// [`Staging::adopt`], nothing of it stays.
///
/// What is too large to be read is noted on the way into the cache: here the objects have just been
/// checked, so that their headers can be believed, and later, on a disk that lost a bit, they
/// cannot.
pub(crate) struct Staging<'s> {
    store: &'s Store,
    dir: TempDir,
}

impl<'s> Staging<'s> {
    /// An empty one for a store.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn new(store: &'s Store) -> Result<Self> {
        let io = |error| Error::io("cannot write to the object cache", store.dir(), error);
        std::fs::create_dir_all(store.dir()).map_err(io)?;
        let dir = tempfile::tempdir_in(store.dir()).map_err(io)?;
        std::fs::create_dir_all(dir.path().join("objects/pack")).map_err(io)?;
        Ok(Staging { store, dir })
    }

    /// The directory around the objects, which git can take for a repository.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where packs go.
    pub(crate) fn packs(&self) -> PathBuf {
        self.dir.path().join("objects/pack")
    }

    /// Moves all packs and loose objects into the cache.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn adopt(self) -> Result<()> {
        let objects = self.dir.path().join("objects");
        let moved = || {
            let found = Found::in_dir(&objects)?;
            self.note_large(&found.ids)?;
            for file in found.files {
                let to = self
                    .store
                    .dir()
                    .join(file.strip_prefix(&objects).unwrap_or(&file));
                to.parent().map_or(Ok(()), std::fs::create_dir_all)?;
                std::fs::rename(&file, to)?;
            }
            std::io::Result::Ok(())
        };
        moved().map_err(|e| Error::io("cannot write to the object cache", self.store.dir(), e))?;
        self.store.refresh();
        Ok(())
    }

    fn note_large(&self, ids: &[ObjectId]) -> std::io::Result<()> {
        let odb: Odb<'_> = open_odb(&self.dir.path().join("objects"))
            .map_err(|error| std::io::Error::other(error.to_string()))?;
        let mut lines = String::new();
        for &id in ids {
            // Checked a moment ago, so there is a header, and it is sound.
            let Ok((size, kind)) = odb.read_header(id.0) else {
                continue;
            };
            if is_too_large(kind, size as u64, self.store.max_blob()) {
                lines += &format!("{id} {size}\n");
                self.store.note_large(id, size as u64);
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        let mut open = OpenOptions::new();
        let mut file = open
            .append(true)
            .create(true)
            .open(self.store.dir().join(LARGE))?;
        // One write, so that lines of several processes do not mix.
        file.write_all(lines.as_bytes())
    }
}

/// What lies in an object directory.
#[derive(Default)]
struct Found {
    ids: Vec<ObjectId>,
    /// Packs before their indexes: an index makes a pack visible.
    files: Vec<PathBuf>,
}

impl Found {
    fn in_dir(objects: &Path) -> std::io::Result<Self> {
        let mut found = Found::default();
        let mut indexes = Vec::new();
        for item in std::fs::read_dir(objects.join("pack"))? {
            let path = item?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("pack") => found.files.push(path),
                Some("idx") => {
                    found.ids.extend(ids_of_index(&std::fs::read(&path)?));
                    indexes.push(path);
                }
                _ => {}
            }
        }
        found.files.append(&mut indexes);
        for item in std::fs::read_dir(objects)? {
            let fan = item?.path();
            let Some(start) = fan.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if start.len() != 2 || !fan.is_dir() {
                continue;
            }
            for item in std::fs::read_dir(&fan)? {
                let item = item?;
                let id = format!("{start}{}", item.file_name().to_string_lossy());
                if let Some(id) = ObjectId::parse(&id) {
                    found.ids.push(id);
                    found.files.push(item.path());
                }
            }
        }
        Ok(found)
    }
}

/// The ids that a pack's index (version 2) lists: after a head of 8 bytes and 256 counts of four.
fn ids_of_index(index: &[u8]) -> Vec<ObjectId> {
    let table = 8 + 4 * 256;
    let count = index.get(table - 4..table).and_then(|b| b.try_into().ok());
    let count = count.map_or(0, u32::from_be_bytes) as usize;
    let ids = index.get(table..).unwrap_or_default().chunks_exact(20);
    ids.take(count)
        .filter_map(|id| git2::Oid::from_bytes(id).ok().map(ObjectId))
        .collect()
}
