//! The files of an MCP bundle. They are not trusted: the checks are those for a plugin from a repository.

use super::check::FileOrigin;
use super::tree::{RawFile, RawTree};
use crate::error::Result;
use crate::fetching::object::{EntryKind, ObjectId};
use crate::model::limits::Limits;

/// A file, with its path as the bundle has it.
pub(crate) struct BundledFile {
    pub(crate) name: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) executable: bool,
}

/// Returns the paths of the files that a plugin may have, and warnings about those that are left out.
///
/// # Errors
/// [`ErrorKind::ContentRefused`](crate::ErrorKind::ContentRefused) naming the path.
pub(crate) fn check(files: &[BundledFile], limits: &Limits) -> Result<(Vec<String>, Vec<String>)> {
    let files = files.iter().map(|file| RawFile {
        names: file
            .name
            .split(|byte| *byte == b'/')
            .map(<[u8]>::to_vec)
            .collect(),
        kind: match file.executable {
            true => EntryKind::Executable,
            false => EntryKind::File,
        },
        id: ObjectId::of_blob(&file.bytes),
        size: Some(file.bytes.len() as u64),
        target: None,
    });
    let tree = RawTree {
        files: files.collect(),
    };
    let checked = tree.check(limits, FileOrigin::Repository)?;
    let paths = checked.files.iter().map(|file| file.path.to_string());
    Ok((paths.collect(), checked.warnings()))
}
