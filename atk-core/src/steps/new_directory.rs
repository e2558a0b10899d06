//! Writes the files of something new for its author: a registry, a plugin. Nothing that exists is changed.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind as IoKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::directory_beside::{self, DirectoryBeside};
use crate::disk::{sync_directory, sync_tree};
use crate::error::{Error, ErrorKind, Result};
use crate::repository::{GitAccess, Repository};
use crate::text::escape;

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewFile {
    /// Relative to the directory, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) executable: bool,
}

impl NewFile {
    pub(crate) fn new(path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        NewFile {
            path: path.to_owned(),
            bytes: bytes.into(),
            executable: false,
        }
    }

    /// A script, which is executable.
    pub(crate) fn script(path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        NewFile {
            executable: true,
            ..NewFile::new(path, bytes)
        }
    }

    /// The first name of its path: what is moved to its place as a whole.
    fn top(&self) -> &str {
        self.path.split('/').next().unwrap_or(&self.path)
    }
}

/// Checks that a directory does not exist, or has nothing in it but a repository without files, and
/// what [`write`] left when it was killed.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if it has something in it, or is not a directory.
pub(crate) fn check(path: &Path, files: &[NewFile], last: &str) -> Result<()> {
    let shown = escape(&path.to_string_lossy());
    let is_link = |path: &Path| {
        path.symlink_metadata()
            .is_ok_and(|found| found.is_symlink())
    };
    if is_link(path) {
        let message = format!("`{shown}` is a symbolic link");
        return Err(Error::new(ErrorKind::InvalidArgument, message)
            .with_path(path)
            .with_help("name the directory itself"));
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == IoKind::NotFound => return Ok(()),
        Err(error) if error.kind() == IoKind::NotADirectory => {
            let message = format!("`{shown}` is not a directory");
            return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(path));
        }
        Err(error) => return Err(Error::io("cannot read", path, error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("cannot read", path, error))?;
        let name = entry.file_name();
        let is_left = name != last && has_all_of(path, &name, files);
        if name != ".git" && !directory_beside::is_one(&name) && !is_left {
            let found = escape(&name.to_string_lossy());
            let message = format!("`{shown}` is not empty: it has `{found}`");
            return Err(Error::new(ErrorKind::InvalidArgument, message)
                .with_path(path)
                .with_help("name a directory that is empty or does not exist"));
        }
    }
    Ok(())
}

/// True if some files have this first name, and all are there with their bytes.
fn has_all_of(directory: &Path, name: &OsStr, files: &[NewFile]) -> bool {
    let mut below = files.iter().filter(|file| name == file.top()).peekable();
    let is_there = |file: &NewFile| {
        let path = directory.join(&file.path);
        let found = path.symlink_metadata();
        found.is_ok_and(|found| found.is_file() && found.len() == file.bytes.len() as u64)
            && fs::read(path).is_ok_and(|bytes| bytes == file.bytes)
    };
    below.peek().is_some() && below.all(is_there)
}

/// Writes the files into a directory, which has passed [`check`]. One that does not exist is there with
/// all files or not at all. In one that exists, the file `last` comes when all others are there; if the
/// process is killed before, the same call completes it. If a file cannot be written, none is left.
///
/// # Errors
/// [`ErrorKind::Io`].
pub(crate) fn write(directory: &Path, files: &[NewFile], last: &str) -> Result<()> {
    let failed = |cause| Error::io("cannot write", directory, cause);
    if !directory.is_dir() {
        let beside = DirectoryBeside::of(directory)?;
        write_all(&beside.path(), files)?;
        return beside.move_to(directory).map_err(failed);
    }
    let beside = DirectoryBeside::of(&directory.join(last))?;
    write_all(&beside.path(), files)?;
    sync_tree(&beside.path()).map_err(failed)?;
    let mut moved = Vec::new();
    let done = move_into(directory, files, last, &beside.path(), &mut moved);
    if done.is_err() {
        for name in moved {
            let path = directory.join(name);
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        }
    }
    done.and_then(|()| sync_directory(directory))
        .map_err(failed)
}

/// Moves what was written to its place. Nothing that is there is replaced.
fn move_into<'f>(
    directory: &Path,
    files: &'f [NewFile],
    last: &'f str,
    made: &Path,
    moved: &mut Vec<&'f str>,
) -> io::Result<()> {
    let mut names: Vec<_> = files.iter().map(NewFile::top).collect();
    names.dedup();
    names.retain(|name| *name != last);
    names.push(last);
    for name in names {
        let place = directory.join(name);
        match place.symlink_metadata() {
            // It was left by a process that was killed.
            Ok(_) if name != last && has_all_of(directory, OsStr::new(name), files) => continue,
            Ok(_) => return Err(IoKind::AlreadyExists.into()),
            Err(error) if error.kind() == IoKind::NotFound => {}
            Err(error) => return Err(error),
        }
        if name == last {
            // The others must be on the disk before the one that makes them count.
            sync_directory(directory)?;
        }
        fs::rename(made.join(name), place)?;
        moved.push(name);
    }
    Ok(())
}

/// Writes the files into a directory that does not exist.
///
/// # Errors
/// [`ErrorKind::Io`].
pub(crate) fn write_all(directory: &Path, files: &[NewFile]) -> Result<()> {
    for file in files {
        let path = directory.join(&file.path);
        let failed = |cause| Error::io("cannot write", &path, cause);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        options.mode(if file.executable { 0o777 } else { 0o666 });
        let mut opened = options.open(&path).map_err(failed)?;
        opened.write_all(&file.bytes).map_err(failed)?;
    }
    Ok(())
}

/// Makes a git repository of a directory, unless it is in one. Returns true if it did.
///
/// # Errors
/// [`ErrorKind::GitFailed`].
pub(crate) fn make_repository(directory: &Path, access: &GitAccess) -> Result<bool> {
    let is_top = |directory: &Path| directory.join(".git").symlink_metadata().is_ok();
    if directory.ancestors().any(is_top) {
        return Ok(false);
    }
    Repository::init(directory, access).map(|_| true)
}
