//! Keeping git's eyes off a scratch that lies in the work tree.

use std::ffi::OsStr;

use super::dir::Dir;
use super::path::HomePath;
use super::scratch::unique_name;
use crate::error::{Error, Result};
use crate::git::repository::Repository;

/// Lists the scratch in `info/exclude`, unless git's own directory holds it, or it is listed.
pub(super) fn scratch(repository: &Repository, scratch: &HomePath) -> Result<()> {
    if scratch.as_path().starts_with(".git") {
        return Ok(());
    }
    let line = format!("/{scratch}/");
    let path = repository.info_exclude_path();
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(());
    };
    // The git directory is git's: links in it are the user's affair.
    std::fs::create_dir_all(parent)
        .and_then(|()| parent.canonicalize())
        .map_err(|error| Error::io("cannot open", parent, error))
        .and_then(|parent| append_line(&Dir::open(&parent)?, name, &line))
}

fn append_line(dir: &Dir, name: &OsStr, line: &str) -> Result<()> {
    let mut text = dir.read(name)?.unwrap_or_default();
    if text
        .split(|byte| *byte == b'\n')
        .any(|old| old == line.as_bytes())
    {
        return Ok(());
    }
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(line.as_bytes());
    text.push(b'\n');
    let temp = unique_name();
    let written = dir
        .write_new(&temp, &text, None)
        .and_then(|()| dir.rename_over(&temp, dir, name));
    if written.is_err() {
        let _ = dir.unlink(&temp);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_added_once_and_nothing_else_is_touched() {
        let temp = tempfile::tempdir().unwrap();
        let dir = Dir::open(&temp.path().canonicalize().unwrap()).unwrap();
        std::fs::write(temp.path().join("exclude"), "# mine\n*.log").unwrap();
        for _ in 0..2 {
            append_line(&dir, OsStr::new("exclude"), "/.atk/").unwrap();
        }
        let text = std::fs::read_to_string(temp.path().join("exclude")).unwrap();
        assert_eq!(text, "# mine\n*.log\n/.atk/\n");
        assert_eq!(dir.names().unwrap().len(), 1);
    }
}
