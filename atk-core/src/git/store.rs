//! The objects of one cache entry: read with a check of their ids, written as whole packs.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Odb, OdbLookupFlags, Oid};

use super::object::{ObjectId, TreeEntry};
use super::tree::{parse_commit, parse_tree};
use crate::error::{Error, ErrorKind, Result};

/// An object database, opened once.
///
/// What cannot be read, for whatever reason, is as good as missing: nothing here fails because of
/// what is on the disk, and [`Store::is_damaged`] tells that asking again would not help.
pub(crate) struct Store {
    odb: Odb<'static>,
    dir: PathBuf,
    max_blob: u64,
    /// Objects that are never read, and their sizes. An object's own header is not asked: git2
    /// panics where a damaged one names a kind that does not exist.
    large: RefCell<HashMap<ObjectId, u64>>,
    damaged: Cell<bool>,
}

/// The file, beside the packs, that lists objects which are too large to be read.
pub(crate) const LARGE: &str = "atk-large";
/// The largest tree or commit that is read. A tree of 100,000 entries has about 5 MB.
const MAX_TREE: u64 = 32 << 20;

/// True for an object that is not read into memory.
pub(crate) fn is_too_large(kind: ObjectType, size: u64, max_blob: u64) -> bool {
    match kind {
        ObjectType::Blob => size > max_blob,
        ObjectType::Any | ObjectType::Commit | ObjectType::Tree | ObjectType::Tag => {
            size > MAX_TREE
        }
    }
}

/// Opens an object directory. It needs no repository around it: no configuration is read, and
/// nobody asks who owns the directory.
///
/// # Errors
/// [`ErrorKind::Io`]; [`ErrorKind::InvalidArgument`] where the path is not UTF-8.
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
    /// Opens the object directory, and makes it where it is missing. Blobs of more than `max_blob`
    /// bytes are not read.
    ///
    /// # Errors
    /// Those of [`open_odb`].
    pub(crate) fn open(dir: PathBuf, max_blob: u64) -> Result<Self> {
        let packs = dir.join("pack");
        std::fs::create_dir_all(&packs)
            .map_err(|error| Error::io("cannot make the object cache", &packs, error))?;
        let listed = std::fs::read_to_string(dir.join(LARGE)).unwrap_or_default();
        let large = listed.lines().filter_map(|line| {
            let (id, size) = line.split_once(' ')?;
            Some((ObjectId::parse(id)?, size.parse().ok()?))
        });
        Ok(Store {
            odb: open_odb(&dir)?,
            large: RefCell::new(large.collect()),
            dir,
            max_blob,
            damaged: Cell::new(false),
        })
    }

    /// The directory of the objects.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The largest blob that is read.
    pub(crate) fn max_blob(&self) -> u64 {
        self.max_blob
    }

    /// True once an object that is there could not be read.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.get()
    }

    /// True where the object is listed; reading it may still fail.
    pub(crate) fn has(&self, id: ObjectId) -> bool {
        self.odb.exists_ext(id.0, OdbLookupFlags::NO_REFRESH)
    }

    /// The entries of a tree.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] where the tree breaks git's rules.
    pub(crate) fn tree(&self, id: ObjectId) -> Result<Option<Vec<TreeEntry>>> {
        self.read_as(id, ObjectType::Tree)
            .map(|bytes| parse_tree(&bytes))
            .transpose()
            .map_err(|_| malformed("tree", id))
    }

    /// The root tree of a commit.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] where the commit breaks git's rules.
    pub(crate) fn commit(&self, id: ObjectId) -> Result<Option<ObjectId>> {
        self.read_as(id, ObjectType::Commit)
            .map(|bytes| parse_commit(&bytes))
            .transpose()
            .map_err(|_| malformed("commit", id))
    }

    /// The bytes of a blob; none also where there are more of them than are allowed.
    pub(crate) fn blob(&self, id: ObjectId) -> Option<Vec<u8>> {
        self.read_as(id, ObjectType::Blob)
    }

    /// The size of an object that is here and too large to be read.
    pub(crate) fn too_large(&self, id: ObjectId) -> Option<u64> {
        self.large.borrow().get(&id).copied()
    }

    /// Notes that an object is too large to be read.
    pub(crate) fn note_large(&self, id: ObjectId, size: u64) {
        self.large.borrow_mut().insert(id, size);
    }

    /// The kind of an object that is here and can be read.
    pub(crate) fn kind(&self, id: ObjectId) -> Option<ObjectType> {
        self.read(id).map(|(kind, _)| kind)
    }

    fn read_as(&self, id: ObjectId, wanted: ObjectType) -> Option<Vec<u8>> {
        let (kind, bytes) = self.read(id)?;
        let fits = kind == wanted && !is_too_large(kind, bytes.len() as u64, self.max_blob);
        fits.then_some(bytes)
    }

    fn read(&self, id: ObjectId) -> Option<(ObjectType, Vec<u8>)> {
        if self.too_large(id).is_some() || !self.has(id) {
            return None;
        }
        let read = self.odb.read(id.0).and_then(|object| {
            // libgit2 checks this too, unless the program that embeds us switched it off.
            let actual = Oid::hash_object(object.kind(), object.data())?;
            Ok((actual == id.0).then(|| (object.kind(), object.data().to_vec())))
        });
        match read {
            Ok(Some(object)) => return Some(object),
            Ok(None) => self.damaged.set(true),
            // A pack that another process took away meanwhile is missing, not damaged.
            Err(error) if error.code() == ErrorCode::NotFound => {}
            Err(_) => self.damaged.set(true),
        }
        None
    }

    /// Looks for packs that came since.
    pub(crate) fn refresh(&self) {
        if self.odb.refresh().is_err() {
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
        format!("the {kind} `{id}` breaks git's rules for its kind"),
    )
}
