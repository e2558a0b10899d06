//! What tells whether an entry is still the one that was put there.

use std::ffi::OsStr;

use rustix::fs::{FileType, Stat};
use serde::{Deserialize, Serialize};

use super::dir::Dir;
use super::path::HomePath;
use super::root::Root;
use crate::error::Result;

/// The identity of a file, link or directory.
///
/// Files have the same identity as long as inode, size and modification time are the same, which
/// is what git's index goes by too; a rename changes none of them. A directory keeps its identity
/// whatever happens in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    kind: Kind,
    inode: u64,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    modified: (i64, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    File,
    Dir,
    Link,
    Other,
}

impl Identity {
    #[allow(
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "the fields of `Stat` have other types on other systems"
    )]
    pub(super) fn new(stat: &Stat) -> Self {
        let kind = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Dir,
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        };
        let (size, modified) = match kind {
            Kind::Dir => (0, (0, 0)),
            Kind::File | Kind::Link | Kind::Other => (
                stat.st_size as u64,
                (stat.st_mtime as i64, stat.st_mtime_nsec as u32),
            ),
        };
        Identity {
            kind,
            inode: stat.st_ino as u64,
            size,
            modified,
        }
    }

    /// Returns the identity of a directory's entry, or `None` if it does not exist.
    pub(super) fn of(dir: &Dir, name: &OsStr) -> Result<Option<Self>> {
        Ok(dir.stat(name)?.as_ref().map(Identity::new))
    }

    /// The same for a path; none, too, where a directory on the way does not exist.
    pub(super) fn at(root: &Root, path: &HomePath) -> Result<Option<Self>> {
        match root.parent_of(path)? {
            Some(parent) => Identity::of(&parent, path.name()),
            None => Ok(None),
        }
    }

    /// True if this may be a copy of the other: all but the inode is the same.
    pub(super) fn is_copy_of(self, other: Self) -> bool {
        let Identity { inode, .. } = self;
        self == Identity { inode, ..other }
    }

    pub(super) fn is_file(self) -> bool {
        self.kind == Kind::File
    }

    pub(super) fn is_dir(self) -> bool {
        self.kind == Kind::Dir
    }
}

/// The identities of an entry and of all that is in it, as one number (FNV-1a): equal as long as
/// nothing in it was added, changed or removed. Inodes do not count: a copy of the home, made while
/// an operation was interrupted, has others.
pub(super) fn tree_identity(dir: &Dir, name: &OsStr) -> Result<Option<u64>> {
    let Some(identity) = Identity::of(dir, name)? else {
        return Ok(None);
    };
    let mut hash = 0xcbf2_9ce4_8422_2325;
    add_tree(&mut hash, dir, name, identity)?;
    Ok(Some(hash))
}

fn add_tree(hash: &mut u64, dir: &Dir, name: &OsStr, identity: Identity) -> Result<()> {
    add(hash, name.as_encoded_bytes());
    let Identity {
        kind,
        inode: _,
        size,
        modified,
    } = identity;
    add(hash, format!("\0{kind:?} {size} {modified:?}\0").as_bytes());
    if identity.is_dir()
        && let Some(dir) = dir.child(name)?
    {
        for name in dir.names()? {
            if let Some(identity) = Identity::of(&dir, &name)? {
                add_tree(hash, &dir, &name, identity)?;
            }
        }
        add(hash, b"\0\0");
    }
    Ok(())
}

fn add(hash: &mut u64, bytes: &[u8]) {
    for byte in bytes {
        *hash = (*hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_keeps_its_identity_through_a_rename_and_loses_it_with_any_change() {
        let temp = tempfile::tempdir().unwrap();
        let dir = Dir::open(&temp.path().canonicalize().unwrap()).unwrap();
        std::fs::create_dir_all(temp.path().join("a/b")).unwrap();
        std::fs::write(temp.path().join("a/b/f"), "1").unwrap();
        let identity = |at: &str| {
            let parent = dir.below(&HomePath::new(at).unwrap()).unwrap().unwrap();
            tree_identity(&parent, OsStr::new("b")).unwrap().unwrap()
        };
        let before = identity("a");
        std::fs::rename(temp.path().join("a"), temp.path().join("c")).unwrap();
        assert_eq!(identity("c"), before);
        std::fs::write(temp.path().join("c/b/g"), "").unwrap();
        let more = identity("c");
        assert_ne!(more, before);
        std::fs::write(temp.path().join("c/b/f"), "22").unwrap();
        assert_ne!(identity("c"), more);
    }
}
