//! Files of earlier commits of the home.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};

use super::Repository;
use super::failure::failed;
use crate::error::{Error, Result};
use crate::model::pin::Pin;

/// A file that was written.
pub(crate) struct RestoredFile {
    /// Below the directory that was asked for.
    pub(crate) path: PathBuf,
    pub(crate) mode: i32,
    pub(crate) id: String,
}

impl Repository {
    /// Writes the files that a commit has below a directory, those that `wanted` lets through, to
    /// `dest`. Nothing is written if the commit does not have the directory.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed), also for a repository that libgit2
    /// cannot read; [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn restore(
        &self,
        commit: &Pin,
        directory: &Path,
        wanted: impl Fn(&Path) -> bool,
        dest: &Path,
    ) -> Result<Vec<RestoredFile>> {
        let git = |error: git2::Error| failed("cannot read the history of", &self.root, &error);
        let repository = self.open_in_process()?;
        let mut files = Vec::new();
        let id = Oid::from_str(commit.as_str()).map_err(git)?;
        let root = repository.find_commit(id).and_then(|commit| commit.tree());
        let Ok(top) = root.map_err(git)?.get_path(directory) else {
            return Ok(files);
        };
        let mut below = vec![(PathBuf::new(), top.id())];
        while let Some((above, id)) = below.pop() {
            for entry in &repository.find_tree(id).map_err(git)? {
                let path = above.join(OsStr::from_bytes(entry.name_bytes()));
                match entry.kind() {
                    Some(ObjectType::Tree) => below.push((path, entry.id())),
                    Some(ObjectType::Blob) if wanted(&path) => {
                        let blob = repository.find_blob(entry.id()).map_err(git)?;
                        let (at, mode) = (dest.join(&path), entry.filemode());
                        write(&at, mode, blob.content())
                            .map_err(|error| Error::io("cannot write", &at, error))?;
                        let id = entry.id().to_string();
                        files.push(RestoredFile { path, mode, id });
                    }
                    _ => {}
                }
            }
        }
        Ok(files)
    }
}

fn write(path: &Path, mode: i32, content: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    if mode == 0o120_000 {
        return symlink(OsStr::from_bytes(content), path);
    }
    fs::write(path, content)?;
    let mode = if mode == 0o100_755 { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}
