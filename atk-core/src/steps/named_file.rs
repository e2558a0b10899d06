//! A file that the caller names, to be read.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// Opens a file. A link leads to it, as the caller named the link.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if there is nothing, or a pipe or a directory; [`ErrorKind::Io`].
pub(crate) fn open(path: &Path) -> Result<File> {
    // A pipe would wait for its other end.
    let mut options = File::options();
    let opened = options
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(refused(path, "does not exist"));
        }
        Err(error) => return Err(Error::io("cannot read", path, error)),
    };
    let metadata = file.metadata();
    match metadata.map_err(|error| Error::io("cannot read", path, error))? {
        metadata if metadata.is_file() => Ok(file),
        _ => Err(refused(path, "is not a file")),
    }
}

/// Reads a file that has at most so many bytes.
///
/// # Errors
/// Those of [`open`]; [`ErrorKind::InvalidArgument`] if it is larger.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io("cannot read", path, error))?;
    if bytes.len() as u64 > limit {
        return Err(refused(path, &format!("is larger than {limit} bytes")));
    }
    Ok(bytes)
}

fn refused(path: &Path, why: &str) -> Error {
    let shown = escape(&path.to_string_lossy());
    Error::new(ErrorKind::InvalidArgument, format!("`{shown}` {why}")).with_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_is_opened_and_a_pipe_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("file"), "x").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(made.unwrap().success());
        assert!(open(&at("file")).is_ok());
        assert!(open(&at("link")).is_ok());
        for (path, why) in [
            (at("pipe"), "is not a file"),
            (at(""), "is not a file"),
            (at("none"), "does not exist"),
        ] {
            let error = open(&path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.to_string().ends_with(why), "{error}");
        }
    }
}
