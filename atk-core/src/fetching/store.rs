//! The objects of one cache entry: read with a check of their ids, written as whole packs.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::{ErrorCode, ObjectType, Odb, OdbLookupFlags, Oid};

use super::bounds::Bounds;
use super::object::{ObjectId, TreeEntry};
use super::pack::scan::ScanLimits;
use super::recent_trees::RecentTrees;
use super::tree::{parse_commit, parse_tree};
use crate::error::{Error, ErrorKind, Result};
use crate::model::limits::{HEAVY_MEMORY, TREE_BYTES};

/// An object database, opened once.
///
/// What cannot be read, for whatever reason, is as good as missing: nothing here fails because of
/// what is on the disk, and [`Store::is_damaged`] tells that asking again would not help.
pub(crate) struct Store {
    odb: RefCell<Odb<'static>>,
    dir: PathBuf,
    bounds: Bounds,
    /// Bytes of objects that were read since the packs were opened.
    read: Cell<u64>,
    /// Objects that take much memory to be read, as far as they came just now.
    heavy: RefCell<HashSet<ObjectId>>,
    /// Objects that are never read, and their sizes. An object's own header is not asked: git2
    /// panics where a damaged one names a kind that does not exist.
    large: RefCell<HashMap<ObjectId, u64>>,
    recent_trees: RecentTrees,
    damaged: Cell<bool>,
}

/// The file, beside the packs, that lists objects which are too large to be read.
pub(crate) const LARGE: &str = "atk-large";

/// libgit2 keeps what it has looked at of a pack in memory, and small objects too, until the pack
/// is closed. After so many bytes of objects it is opened anew.
const REOPENED_AFTER: u64 = 8 << 20;

/// True for an object that is not read into memory.
pub(crate) fn is_too_large(kind: ObjectType, size: u64, max_blob: u64) -> bool {
    match kind {
        ObjectType::Blob => size > max_blob,
        ObjectType::Any | ObjectType::Commit | ObjectType::Tree | ObjectType::Tag => {
            size > TREE_BYTES
        }
    }
}

/// Opens an object directory. It needs no repository around it: no configuration is read, and
/// the owner of the directory is not checked.
///
/// # Errors
/// [`ErrorKind::Io`]; [`ErrorKind::InvalidArgument`] if the path is not UTF-8.
pub(crate) fn open_odb(dir: &Path) -> Result<Odb<'static>> {
    let path = dir.to_str().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("the path `{}` of the cache is not UTF-8", dir.display()),
        )
    })?;
    let opened = Odb::new().and_then(|odb| odb.add_disk_alternate(path).map(|()| odb));
    opened.map_err(|error| {
        Error::new(
            ErrorKind::Io,
            format!("cannot open the object cache `{path}`"),
        )
        .with_path(dir)
        .with_cause(error)
    })
}

impl Store {
    /// Opens the object directory, and makes it if it is missing. What is larger than the bounds
    /// allow is not read.
    ///
    /// # Errors
    /// Those of [`open_odb`].
    pub(crate) fn open(dir: PathBuf, bounds: &Bounds) -> Result<Self> {
        let packs = dir.join("pack");
        std::fs::create_dir_all(&packs)
            .map_err(|error| Error::io("cannot create the object cache", &packs, error))?;
        let listed = std::fs::read_to_string(dir.join(LARGE)).unwrap_or_default();
        let large = listed.lines().filter_map(|line| {
            let (id, size) = line.split_once(' ')?;
            Some((ObjectId::parse(id)?, size.parse().ok()?))
        });
        Ok(Store {
            odb: RefCell::new(open_odb(&dir)?),
            large: RefCell::new(large.collect()),
            dir,
            bounds: bounds.clone(),
            read: Cell::new(0),
            heavy: RefCell::default(),
            recent_trees: RecentTrees::default(),
            damaged: Cell::new(false),
        })
    }

    /// The directory of the objects.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What a server may cost.
    pub(crate) fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The limits of a pack that comes into the store.
    pub(crate) fn scan_limits(&self) -> ScanLimits {
        ScanLimits {
            inflated: self.bounds.transfer,
            listed: self.bounds.blob.min(TREE_BYTES),
        }
    }

    /// True once an object that is there could not be read.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.get()
    }

    /// True if the object is listed; reading it may still fail.
    pub(crate) fn has(&self, id: ObjectId) -> bool {
        self.odb
            .borrow()
            .exists_ext(id.0, OdbLookupFlags::NO_REFRESH)
    }

    /// The entries of a tree.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] if the tree breaks git's rules, or is too large to be read.
    pub(crate) fn tree(&self, id: ObjectId) -> Result<Option<Arc<Vec<TreeEntry>>>> {
        if let Some(entries) = self.recent_trees.get(id) {
            return Ok(Some(entries));
        }
        self.check_size("tree", id)?;
        let read = self.read_as(id, ObjectType::Tree, parse_tree);
        let entries = read.transpose().map_err(|_| malformed("tree", id))?;
        let entries = entries.map(Arc::new);
        if let Some(entries) = &entries {
            self.recent_trees.keep(id, entries);
        }
        Ok(entries)
    }

    /// The root tree of a commit.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] if the commit breaks git's rules, or is too large to be read.
    pub(crate) fn commit(&self, id: ObjectId) -> Result<Option<ObjectId>> {
        self.check_size("commit", id)?;
        self.read_as(id, ObjectType::Commit, parse_commit)
            .transpose()
            .map_err(|_| malformed("commit", id))
    }

    /// Tells an object that is too large to be read from one that is missing.
    fn check_size(&self, kind: &str, id: ObjectId) -> Result<()> {
        match self.too_large(id) {
            Some(size) => Err(Error::new(
                ErrorKind::GitFailed,
                format!("the {kind} `{id}` has {size} bytes, {TREE_BYTES} are allowed"),
            )),
            None => Ok(()),
        }
    }

    /// Shows the bytes of a blob; none also if there are more of them than are allowed. They
    /// are shown in place, because a copy of a large file would take its size once more.
    pub(crate) fn with_blob<R>(&self, id: ObjectId, show: impl FnOnce(&[u8]) -> R) -> Option<R> {
        self.read_as(id, ObjectType::Blob, show)
    }

    /// The size of an object that is here and too large to be read.
    pub(crate) fn too_large(&self, id: ObjectId) -> Option<u64> {
        self.large.borrow().get(&id).copied()
    }

    /// Notes that an object is too large to be read.
    pub(crate) fn note_large(&self, id: ObjectId, size: u64) {
        self.large.borrow_mut().insert(id, size);
    }

    /// Notes that it takes much memory to read an object.
    pub(crate) fn note_heavy(&self, id: ObjectId) {
        self.heavy.borrow_mut().insert(id);
    }

    /// The kind of an object that is here and can be read.
    pub(crate) fn kind(&self, id: ObjectId) -> Option<ObjectType> {
        self.read(id, |kind, _| kind)
    }

    fn read_as<R>(
        &self,
        id: ObjectId,
        wanted: ObjectType,
        show: impl FnOnce(&[u8]) -> R,
    ) -> Option<R> {
        let max_blob = self.bounds.blob;
        let shown = self.read(id, |kind, bytes| {
            let fits = kind == wanted && !is_too_large(kind, bytes.len() as u64, max_blob);
            fits.then(|| show(bytes))
        });
        shown.flatten()
    }

    /// Shows the kind and the bytes of an object, checked against its id; `None` if it is not here, or too
    /// large to be read.
    pub(crate) fn read<R>(
        &self,
        id: ObjectId,
        show: impl FnOnce(ObjectType, &[u8]) -> R,
    ) -> Option<R> {
        if self.too_large(id).is_some() || !self.has(id) {
            return None;
        }
        let memory = &self.bounds.memory;
        let is_heavy = self.heavy.borrow().contains(&id);
        let _share = is_heavy.then(|| memory.take(HEAVY_MEMORY));
        let odb = self.odb.borrow();
        let read = odb.read(id.0).and_then(|object| {
            // libgit2 checks this too, unless the program that embeds us switched it off.
            let actual = Oid::hash_object(object.kind(), object.data())?;
            let size = object.data().len() as u64;
            self.read.set(self.read.get() + size);
            Ok((actual == id.0).then(|| show(object.kind(), object.data())))
        });
        drop(odb);
        if is_heavy || self.read.get() > REOPENED_AFTER {
            self.reopen();
        }
        match read {
            Ok(Some(shown)) => return Some(shown),
            Ok(None) => self.damaged.set(true),
            // A pack that another process took away meanwhile is missing, not damaged.
            Err(error) if error.code() == ErrorCode::NotFound => {}
            Err(_) => self.damaged.set(true),
        }
        None
    }

    /// Opens the packs anew, so that what libgit2 keeps of them is given back.
    pub(crate) fn reopen(&self) {
        self.read.set(0);
        // Closed first: libgit2 shares an open pack, and what is mapped of it, with the next one
        // that opens it.
        if let Ok(none) = Odb::new() {
            *self.odb.borrow_mut() = none;
        }
        match open_odb(&self.dir) {
            Ok(odb) => *self.odb.borrow_mut() = odb,
            // Nothing is there any more: it is fetched again.
            Err(_) => self.damaged.set(true),
        }
    }

    /// Looks for packs that came since.
    pub(crate) fn refresh(&self) {
        if self.odb.borrow().refresh().is_err() {
            self.damaged.set(true);
        }
    }

    /// How many packs there are.
    pub(crate) fn packs(&self) -> usize {
        std::fs::read_dir(self.dir.join("pack")).map_or(0, |entries| {
            entries
                .flatten()
                .filter(|entry| entry.path().extension().is_some_and(|e| e == "pack"))
                .count()
        })
    }
}

fn malformed(kind: &str, id: ObjectId) -> Error {
    Error::new(
        ErrorKind::GitFailed,
        format!("the {kind} `{id}` is malformed"),
    )
}
