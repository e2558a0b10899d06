//! A plugin's files, as git recorded them: nothing is checked yet but how many they are.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::{EntryKind, ObjectId, TreeEntry};
use crate::fetching::remote::Remote;
use crate::model::limits::{DEEPEST, Limits};
use crate::text::escape;

/// A file, link or other leaf of a tree.
#[derive(Debug, Clone)]
pub(super) struct RawFile {
    /// The names of the directories it lies in, and its own.
    pub(super) names: Vec<Vec<u8>>,
    pub(super) kind: EntryKind,
    pub(super) id: ObjectId,
    /// Bytes, as far as they are known before the content is read.
    pub(super) size: Option<u64>,
    /// What a link points to.
    pub(super) target: Option<Vec<u8>>,
}

/// All leaves of a tree.
pub(super) struct RawTree {
    pub(super) files: Vec<RawFile>,
}

/// A link's target is not longer than a path can be.
const LONGEST_TARGET: usize = 4096;

/// The entries of a tree that must be in the cache.
pub(super) fn entries(remote: &Remote<'_>, id: ObjectId) -> Result<Arc<Vec<TreeEntry>>> {
    remote.tree(id)?.ok_or_else(|| {
        Error::new(
            ErrorKind::GitFailed,
            format!("the server of {} did not send the tree {id}", remote.url()),
        )
        .with_url(remote.url().to_string())
    })
}

/// Reads a tree and all below it. It stops if there are more entries than files are allowed,
/// directories counted too, so that a tree that refers to itself many times over has an end.
pub(super) fn read(remote: &Remote<'_>, root: ObjectId, limits: &Limits) -> Result<RawTree> {
    let mut files = Vec::new();
    let mut seen = 0usize;
    let mut pending: Vec<(Vec<Vec<u8>>, ObjectId)> = vec![(Vec::new(), root)];
    while let Some((above, id)) = pending.pop() {
        for entry in entries(remote, id)?.iter() {
            seen += 1;
            let mut names = above.clone();
            names.push(entry.name.clone());
            if seen > limits.files.saturating_mul(2) {
                return Err(Error::new(
                    ErrorKind::ContentRefused,
                    format!("the plugin has more than {} files", limits.files),
                )
                .with_path(shown(&names)));
            }
            match entry.kind {
                EntryKind::Tree if names.len() > DEEPEST => {
                    let first = shown(names.get(..1).unwrap_or_default());
                    return Err(too_deep("the plugin's", &first).with_path(shown(&names)));
                }
                EntryKind::Tree => pending.push((names, entry.id)),
                EntryKind::File | EntryKind::Executable => files.push(RawFile {
                    names,
                    kind: entry.kind,
                    id: entry.id,
                    size: size_of(remote, entry.id, limits),
                    target: None,
                }),
                EntryKind::Link => {
                    let target = remote.blob(entry.id);
                    let size = target.as_ref().map(|target| target.len() as u64);
                    let target = target.filter(|target| target.len() <= LONGEST_TARGET);
                    files.push(RawFile {
                        names,
                        kind: entry.kind,
                        id: entry.id,
                        size,
                        target,
                    });
                }
                EntryKind::Submodule => files.push(RawFile {
                    names,
                    kind: entry.kind,
                    id: entry.id,
                    size: Some(0),
                    target: None,
                }),
            }
        }
    }
    files.sort_by(|a, b| a.names.cmp(&b.names));
    Ok(RawTree { files })
}

/// The refusal of what has more directories in each other than are allowed.
pub(super) fn too_deep(whose: &str, first: &str) -> Error {
    Error::new(
        ErrorKind::ContentRefused,
        format!("{whose} `{first}` has directories in it that are nested more than {DEEPEST} deep"),
    )
}

/// How large a file is, as far as that is known: at least as large as is not allowed, if the
/// server left it out for its size.
fn size_of(remote: &Remote<'_>, id: ObjectId, limits: &Limits) -> Option<u64> {
    let left_out = || {
        let over = limits.file_bytes.saturating_add(1);
        (remote.was_left_out(id) && !remote.has(id)).then_some(over)
    };
    remote.too_large(id).or_else(left_out)
}

/// A path of unchecked names, for people.
pub(super) fn shown(names: &[Vec<u8>]) -> String {
    let names: Vec<_> = names
        .iter()
        .map(|name| escape(&String::from_utf8_lossy(name)))
        .collect();
    names.join("/")
}
