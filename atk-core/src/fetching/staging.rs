//! Objects that arrived and are not in the cache yet.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use git2::{ObjectType, Odb};
use tempfile::TempDir;

use super::bounds::exceeded;
use super::object::ObjectId;
use super::pack::scan::{LargeObject, Scan, ScanLimits};
use super::store::{LARGE, Store, is_too_large, open_odb};
use crate::error::{Error, Result};
use crate::host::CancelToken;

/// A private directory for objects, on the file system of the cache. Dropped before
/// [`Staging::adopt_pack`] or [`Staging::check_and_adopt`], nothing of it stays.
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

    /// Moves the one pack, whose large objects are known, into the cache.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn adopt_pack(self, large: &[LargeObject]) -> Result<()> {
        let found = self.found()?;
        for pack in found.packs() {
            self.note_pack(pack, large)?;
        }
        self.adopt(found)
    }

    /// Looks at all packs and loose objects, as at those that come over our own connections, and
    /// moves them into the cache.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed) if they are more than the bounds
    /// allow; [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn check_and_adopt(self, cancel: &CancelToken) -> Result<()> {
        let found = self.found()?;
        let limit = self.store.bounds().transfer;
        let mut left = limit;
        for pack in found.packs() {
            let scan = self.scan(pack, left, cancel)?;
            left = left.saturating_sub(scan.inflated());
            self.note_pack(pack, &scan.into_large())?;
        }
        let odb = self.odb()?;
        for &id in &found.loose {
            cancel.check()?;
            let Ok((size, kind)) = odb.read_header(id.0) else {
                continue;
            };
            left = left
                .checked_sub(size as u64)
                .ok_or_else(|| exceeded("objects that unpack to more", limit))?;
            self.note(id, size as u64, kind)?;
        }
        self.adopt(found)
    }

    fn scan(&self, pack: &Path, left: u64, cancel: &CancelToken) -> Result<Scan> {
        let io = |error| Error::io("cannot read", pack, error);
        let mut scan = Scan::new(ScanLimits {
            inflated: left,
            ..self.store.scan_limits()
        });
        let mut file = File::open(pack).map_err(io)?;
        let mut chunk = vec![0; 64 << 10];
        loop {
            cancel.check()?;
            match file.read(&mut chunk).map_err(io)? {
                0 => break,
                count => scan.feed(chunk.get(..count).unwrap_or_default())?,
            }
        }
        scan.memory()?;
        Ok(scan)
    }

    fn found(&self) -> Result<ObjectFiles> {
        ObjectFiles::in_dir(&self.dir.path().join("objects")).map_err(|e| self.io(e))
    }

    fn odb(&self) -> Result<Odb<'static>> {
        open_odb(&self.dir.path().join("objects"))
    }

    fn io(&self, error: std::io::Error) -> Error {
        Error::io("cannot write to the object cache", self.store.dir(), error)
    }

    fn adopt(self, found: ObjectFiles) -> Result<()> {
        let objects = self.dir.path().join("objects");
        let moved = || {
            let mut replaced = false;
            for file in &found.files {
                let to = self
                    .store
                    .dir()
                    .join(file.strip_prefix(&objects).unwrap_or(file));
                to.parent().map_or(Ok(()), std::fs::create_dir_all)?;
                replaced |= to.exists();
                std::fs::rename(file, to)?;
            }
            std::io::Result::Ok(replaced)
        };
        match moved().map_err(|error| self.io(error))? {
            // A pack is named after its objects. One that is damaged and has the same objects is
            // open still.
            true => self.store.reopen(),
            false => self.store.refresh(),
        }
        Ok(())
    }

    /// Notes the large objects of a pack.
    fn note_pack(&self, pack: &Path, large: &[LargeObject]) -> Result<()> {
        if large.is_empty() {
            return Ok(());
        }
        let index = std::fs::read(pack.with_extension("idx")).map_err(|e| self.io(e))?;
        let large: HashMap<u64, &LargeObject> =
            large.iter().map(|large| (large.offset, large)).collect();
        let odb = self.odb()?;
        for (id, offset) in ids_of_index(&index) {
            let Some(object) = large.get(&offset) else {
                continue;
            };
            // Checked a moment ago, so there is a header, and it is sound.
            let kind = object.kind;
            let kind = kind.or_else(|| odb.read_header(id.0).ok().map(|(_, kind)| kind));
            self.note(id, object.size, kind.unwrap_or(ObjectType::Blob))?;
            self.store.note_heavy(id);
        }
        Ok(())
    }

    /// Notes an object that is too large to be read.
    fn note(&self, id: ObjectId, size: u64, kind: ObjectType) -> Result<()> {
        if !is_too_large(kind, size, self.store.bounds().blob) {
            return Ok(());
        }
        self.store.note_large(id, size);
        let path = self.store.dir().join(LARGE);
        let mut open = OpenOptions::new();
        let file = open.append(true).create(true).open(path);
        // One write a line, so that lines of several processes do not mix.
        file.and_then(|mut file| file.write_all(format!("{id} {size}\n").as_bytes()))
            .map_err(|e| self.io(e))
    }
}

/// What lies in an object directory.
#[derive(Default)]
pub(super) struct ObjectFiles {
    loose: Vec<ObjectId>,
    /// Packs before their indexes: an index makes a pack visible.
    files: Vec<PathBuf>,
}

impl ObjectFiles {
    /// Looks into an object directory.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn in_dir(objects: &Path) -> std::io::Result<Self> {
        let mut found = ObjectFiles::default();
        let mut indexes = Vec::new();
        for item in std::fs::read_dir(objects.join("pack"))? {
            let path = item?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("pack") => found.files.push(path),
                Some("idx") => indexes.push(path),
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
                    found.loose.push(id);
                    found.files.push(item.path());
                }
            }
        }
        Ok(found)
    }

    /// The objects that are in no pack.
    pub(super) fn loose(&self) -> impl Iterator<Item = ObjectId> {
        self.loose.iter().copied()
    }

    pub(super) fn packs(&self) -> impl Iterator<Item = &PathBuf> {
        let is_pack = |path: &&PathBuf| path.extension().is_some_and(|e| e == "pack");
        self.files.iter().filter(is_pack)
    }
}

/// The ids that a pack's index (version 2) lists, with their places in the pack. After a head of 8
/// bytes and 256 counts of four come the ids, a sum of four bytes for each, and the places.
fn ids_of_index(index: &[u8]) -> impl Iterator<Item = (ObjectId, u64)> {
    let table = 8 + 4 * 256;
    let number = |at: usize| {
        let bytes = index.get(at..at + 4).and_then(|b| b.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes)
    };
    let count = number(table - 4) as usize;
    let places = table + count * (20 + 4);
    (0..count).filter_map(move |at| {
        let id = index.get(table + 20 * at..table + 20 * (at + 1))?;
        let id = git2::Oid::from_bytes(id).ok().map(ObjectId)?;
        let place = number(places + 4 * at);
        // The highest bit says that the place is in a further table, for packs of 2 GiB and more.
        let place = match place & 0x8000_0000 {
            0 => u64::from(place),
            _ => {
                let at = places + 4 * count + 8 * (place & 0x7FFF_FFFF) as usize;
                u64::from(number(at)) << 32 | u64::from(number(at + 4))
            }
        };
        Some((id, place))
    })
}
