//! What a git object database holds, in our own words: ids, trees, blobs.

use std::fmt;

/// The id of an object: 40 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ObjectId(pub(crate) git2::Oid);

impl ObjectId {
    /// The id that git gives a file of this content.
    pub(crate) fn of_blob(content: &[u8]) -> Self {
        let id = git2::Oid::hash_object(git2::ObjectType::Blob, content);
        ObjectId(id.expect("hashing bytes cannot fail"))
    }

    /// The id that the content of a file has as a blob. Reads it in pieces.
    pub(crate) fn of_file(path: &std::path::Path) -> Result<Self, git2::Error> {
        git2::Oid::hash_file(git2::ObjectType::Blob, path).map(ObjectId)
    }

    /// Reads 40 hexadecimal digits.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let whole = id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = whole.then(|| git2::Oid::from_str(id).ok())?;
        id.map(ObjectId)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An entry of a tree, as git recorded it: nothing about it has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TreeEntry {
    /// The name, in whatever bytes the author of the repository chose.
    pub(crate) name: Vec<u8>,
    pub(crate) kind: EntryKind,
    pub(crate) id: ObjectId,
}

/// The kinds of entries a tree can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    File,
    Executable,
    /// A symbolic link; the blob is its target.
    Link,
    Tree,
    Submodule,
}
