//! Where the symbolic links of a path end.

use std::io::ErrorKind::NotFound;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// Links that follow each other: what Linux allows.
const MAX_LINKS: usize = 40;

/// The path of the file that a path names, where all symbolic links end. The file need not exist.
///
/// # Errors
/// [`ErrorKind::Io`]: the links go in a circle, or cannot be read.
pub(super) fn of(path: &Path) -> Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let metadata = match std::fs::symlink_metadata(&target) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == NotFound => return Ok(target),
            Err(error) => return Err(Error::io("cannot read", &target, error)),
        };
        if !metadata.is_symlink() {
            return Ok(target);
        }
        let link = std::fs::read_link(&target)
            .map_err(|error| Error::io("cannot read the link", &target, error))?;
        // A relative link starts at its own directory; an absolute one replaces it.
        target = target.parent().unwrap_or(Path::new("")).join(link);
    }
    let message = format!(
        "cannot read `{}`: its symbolic links go in a circle",
        path.display()
    );
    Err(Error::new(ErrorKind::Io, message).with_path(path))
}
