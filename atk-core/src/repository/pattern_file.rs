//! Reads git's ignore and attribute files, and never waits for one.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use super::failure::shown;
use crate::error::{Error, ErrorKind, Result};

/// The largest file that is read. Git itself ignores attribute files over 100 MiB; people do not write
/// rules of a tenth of that.
const LARGEST: u64 = 16 << 20;

/// Whose file it is, and so what git does about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternSource {
    /// In the work tree: git follows no link, and takes one for no file.
    WorkTree,
    /// In the git directory, or named by the user's configuration.
    Outside,
}

/// Returns the bytes of a file of patterns; None if git would take it for missing.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`] if it is a pipe, a socket or a disk: git would wait for it, with our
/// lock held. [`ErrorKind::Io`].
pub(super) fn read(path: &Path, place: PatternSource) -> Result<Option<Vec<u8>>> {
    // Without NONBLOCK, opening a pipe waits for a writer.
    let mut flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    if place == PatternSource::WorkTree {
        flags |= OFlags::NOFOLLOW;
    }
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(None),
        // Git goes on without a file of the user's that it may not read.
        Err(Errno::ACCESS) if place == PatternSource::Outside => return Ok(None),
        // A socket.
        Err(Errno::NXIO) => return Err(not_a_file(path)),
        Err(errno) => return Err(Error::io("cannot read", path, errno.into())),
    };
    let failed = |error| Error::io("cannot read", path, error);
    let stat = rustix::fs::fstat(&file).map_err(|errno| failed(errno.into()))?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => {}
        // `core.excludesFile = /dev/null` is a common way to have none.
        FileType::Directory | FileType::CharacterDevice => return Ok(None),
        _ => return Err(not_a_file(path)),
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::new(
            ErrorKind::HomeInvalid,
            format!("`{}` is larger than 16 MiB", shown(path)),
        )
        .with_path(path)
        .with_help("a pattern file is a few lines long; replace it"));
    }
    Ok(Some(bytes))
}

fn not_a_file(path: &Path) -> Error {
    Error::new(
        ErrorKind::HomeInvalid,
        format!(
            "`{}` is not a regular file: git would wait for it forever",
            shown(path)
        ),
    )
    .with_path(path)
    .with_help("delete it, or replace it with a regular file")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn pipes_and_sockets_are_refused_at_once_and_other_things_are_no_rules() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("file"), "*.log\n").unwrap();
        std::fs::create_dir(path("directory")).unwrap();
        symlink("file", path("link")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(path("pipe"))
            .status();
        assert!(made.unwrap().success());
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        for place in [PatternSource::WorkTree, PatternSource::Outside] {
            let rules = |name: &str| read(&path(name), place).unwrap();
            assert_eq!(rules("file").unwrap(), b"*.log\n");
            assert_eq!(rules("directory"), None);
            assert_eq!(rules("nothing"), None);
            assert_eq!(rules("file/below"), None);
            for name in ["pipe", "socket"] {
                let error = read(&path(name), place).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::HomeInvalid, "{error}");
                assert!(error.to_string().contains(name), "{error}");
            }
        }
        assert_eq!(read(&path("link"), PatternSource::WorkTree).unwrap(), None);
        assert!(
            read(&path("link"), PatternSource::Outside)
                .unwrap()
                .is_some()
        );
        assert_eq!(
            read(Path::new("/dev/null"), PatternSource::Outside).unwrap(),
            None
        );
    }
}
