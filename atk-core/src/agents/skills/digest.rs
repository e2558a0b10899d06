//! The digest of a skill: of the names, contents and executable bits of its files.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use walkdir::WalkDir;

use crate::error::{Error, Result};
use crate::fetching::object::ObjectId;

/// The files of a skill, in any order.
#[derive(Default)]
pub(super) struct Listing(Vec<Vec<u8>>);

impl Listing {
    pub(super) fn file(&mut self, path: &Path, bytes: &[u8], is_executable: bool) {
        let kind = if is_executable { "executable" } else { "file" };
        self.line(path, kind, &ObjectId::of_blob(bytes).to_string());
    }

    fn line(&mut self, path: &Path, kind: &str, content: &str) {
        let mut line = path.as_os_str().as_encoded_bytes().to_vec();
        line.extend_from_slice(format!("\0{kind}\0{content}\0").as_bytes());
        self.0.push(line);
    }

    pub(super) fn digest(mut self) -> String {
        self.0.sort();
        ObjectId::of_blob(&self.0.concat()).to_string()
    }
}

/// The digest of all that is in a directory.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(crate) fn digest_of(directory: &Path) -> Result<String> {
    let fail = |error: io::Error| Error::io("cannot read", directory, error);
    let mut listing = Listing::default();
    for entry in WalkDir::new(directory).min_depth(1) {
        let entry = entry.map_err(|error| fail(error.into()))?;
        let path = entry.path().strip_prefix(directory).unwrap_or(entry.path());
        let kind = entry.file_type();
        if kind.is_file() {
            let bytes = std::fs::read(entry.path()).map_err(fail)?;
            let metadata = entry.metadata().map_err(|error| fail(error.into()))?;
            let is_executable = metadata.permissions().mode() & 0o100 != 0;
            listing.file(path, &bytes, is_executable);
        } else if !kind.is_dir() {
            listing.line(path, "other", "");
        }
    }
    Ok(listing.digest())
}
