//! A file that is made beside its place, and moved there once it is complete.

use std::fs::{self, File};
use std::io::ErrorKind as IoKind;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::directory_beside::DirectoryBeside;
use crate::disk::sync_directory;
use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// Only its owner can read it. Removed when it is dropped; what a killed process has left is removed by the
/// next one that makes a file in the same directory.
pub(crate) struct FileBeside {
    file: NamedTempFile,
    place: PathBuf,
    // After the file, which is in it.
    _beside: DirectoryBeside,
}

impl FileBeside {
    /// Makes one for a file that will be at `place`, where nothing may be yet. The directory must exist.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if there is something, or no directory; [`ErrorKind::Io`].
    pub(crate) fn of(place: &Path) -> Result<Self> {
        if place.symlink_metadata().is_ok() {
            return Err(occupied(place));
        }
        let parent = place.parent().unwrap_or(Path::new("/"));
        if !parent.is_dir() {
            let shown = escape(&parent.to_string_lossy());
            let message = format!("the directory `{shown}` does not exist");
            return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(parent));
        }
        let beside = DirectoryBeside::of(place)?;
        let dir = beside.path();
        let made = fs::create_dir(&dir).and_then(|()| NamedTempFile::new_in(&dir));
        Ok(FileBeside {
            file: made.map_err(|error| Error::io("cannot create a file in", parent, error))?,
            place: place.to_owned(),
            _beside: beside,
        })
    }

    pub(crate) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Moves it to its place, when it is on the disk; gives its size in bytes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if something is there now; [`ErrorKind::Io`].
    pub(crate) fn move_to_place(self) -> Result<u64> {
        let place = self.place;
        let io = |error| Error::io("cannot write", &place, error);
        let file = self.file.as_file();
        file.sync_all().map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        match self.file.persist_noclobber(&place) {
            Ok(_) => {}
            Err(refused) if refused.error.kind() == IoKind::AlreadyExists => {
                return Err(occupied(&place));
            }
            Err(refused) => return Err(io(refused.error)),
        }
        sync_directory(place.parent().unwrap_or(Path::new("/"))).map_err(io)?;
        Ok(bytes)
    }
}

fn occupied(place: &Path) -> Error {
    let shown = escape(&place.to_string_lossy());
    Error::new(
        ErrorKind::InvalidArgument,
        format!("`{shown}` already exists"),
    )
    .with_path(place)
    .with_help("choose another name, or remove it first")
}
