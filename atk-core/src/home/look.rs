//! What lies at a path of the home, compared with what ATK put there.

use std::ffi::OsStr;

use rustix::fs::FileType;

use super::HomeDir;
use super::dir::{Dir, permissions};
use super::path::HomePath;
use super::receipt::FileKind;
use crate::error::{Error, Result};
use crate::fetching::object::ObjectId;

/// What lies at a path. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathState {
    /// Nothing, or the path leads through something that is no directory.
    Nothing,
    Directory,
    /// A file or link, with the id of its content (of a link: of its target) as a git blob.
    Content(FileKind, ObjectId),
    /// A pipe, a socket, a device.
    Other,
}

impl HomeDir {
    /// Looks at what lies at a path.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn look(&self, path: &HomePath) -> Result<PathState> {
        let mut dir = self.root.duplicate()?;
        if let Some(parent) = path.parent() {
            for name in parent.parts() {
                match kind(&dir, name)? {
                    Some(FileType::Directory) => {}
                    Some(_) | None => return Ok(PathState::Nothing),
                }
                let Some(child) = dir.child(name)? else {
                    return Ok(PathState::Nothing);
                };
                dir = child;
            }
        }
        look_in(&dir, path.name())
    }
}

fn kind(dir: &Dir, name: &OsStr) -> Result<Option<FileType>> {
    let stat = dir.stat(name)?;
    Ok(stat.map(|stat| FileType::from_raw_mode(stat.st_mode)))
}

fn look_in(dir: &Dir, name: &OsStr) -> Result<PathState> {
    let Some(stat) = dir.stat(name)? else {
        return Ok(PathState::Nothing);
    };
    Ok(match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => PathState::Directory,
        FileType::Symlink => {
            PathState::Content(FileKind::Link, ObjectId::of_blob(&dir.link_target(name)?))
        }
        FileType::RegularFile => {
            let kind = match permissions(&stat) & 0o100 {
                0 => FileKind::File,
                _ => FileKind::Executable,
            };
            match content_id(dir, name, stat.st_size as u64)? {
                Some(id) => PathState::Content(kind, id),
                None => PathState::Nothing,
            }
        }
        _ => PathState::Other,
    })
}

/// The id of a file's content. A large file is read in pieces: it may not fit into memory.
fn content_id(dir: &Dir, name: &OsStr, size: u64) -> Result<Option<ObjectId>> {
    const LARGE: u64 = 8 << 20;
    if size <= LARGE {
        return Ok(dir.read(name)?.map(|bytes| ObjectId::of_blob(&bytes)));
    }
    // Opened by its path: a link that comes between at worst tells a wrong id of what is there.
    let path = dir.path().join(name);
    let id = ObjectId::of_file(&path);
    id.map(Some)
        .map_err(|error| Error::io("cannot read", &path, std::io::Error::other(error)))
}
