//! Writes checked files to a directory that is not there yet.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::check::CheckedFiles;
use super::lfs::Pointers;
use super::refusal::{refused, too_much};
use crate::error::{Error, Result};
use crate::fetching::object::EntryKind;
use crate::fetching::remote::Remote;
use crate::host::CancelToken;
use crate::model::limits::Limits;

/// Writes the files: directories 0755, files 0644 or 0755, less the umask. Nothing is followed or
/// overwritten, because the directory is new. Sizes are known now, and checked.
/// Gives the warnings about what was written. On an error the directory is gone again.
pub(super) fn write(
    checked: &CheckedFiles,
    remote: &Remote<'_>,
    dest: &Path,
    limits: &Limits,
    cancel: &CancelToken,
) -> Result<Pointers> {
    make_dir(dest)?;
    let written = write_into(checked, remote, dest, limits, cancel);
    if written.is_err() {
        // All in it was written by this very call.
        let _ = fs::remove_dir_all(dest);
    }
    written
}

fn write_into(
    checked: &CheckedFiles,
    remote: &Remote<'_>,
    dest: &Path,
    limits: &Limits,
    cancel: &CancelToken,
) -> Result<Pointers> {
    let mut bytes = 0u64;
    let mut pointers = Pointers::default();
    let mut made: HashSet<&str> = HashSet::new();
    for file in &checked.files {
        cancel.check()?;
        for parent in file.path.parents().filter(|parent| made.insert(parent)) {
            make_dir(&dest.join(parent))?;
        }
        let path = dest.join(file.path.as_str());
        if let Some(target) = checked.targets.get(&file.path) {
            let target = std::ffi::OsStr::from_bytes(target);
            std::os::unix::fs::symlink(target, &path)
                .map_err(|error| Error::io("cannot write", &path, error))?;
            continue;
        }
        let written = remote.with_blob(file.id, |content| {
            bytes = bytes.saturating_add(content.len() as u64);
            if bytes > limits.plugin_bytes {
                return Err(too_much(&file.path, limits));
            }
            pointers.look(file.path.as_str(), content);
            write_file(&path, file.kind, content)
        });
        written.ok_or_else(|| refused(&file.path, "was not sent by the server"))??;
    }
    Ok(pointers)
}

/// Makes a directory that is not there.
pub(super) fn make_dir(path: &Path) -> Result<()> {
    DirBuilder::new()
        .mode(0o755)
        .create(path)
        .map_err(|error| Error::io("cannot create the directory", path, error))
}

/// Writes a file that is not there.
pub(super) fn write_file(path: &Path, kind: EntryKind, content: &[u8]) -> Result<()> {
    let mode = if kind == EntryKind::Executable {
        0o755
    } else {
        0o644
    };
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .and_then(|mut file| file.write_all(content))
        .map_err(|error| Error::io("cannot write", path, error))
}
