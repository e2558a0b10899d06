//! Errors about the repository, and paths fit to be shown in them.

use std::path::Path;

use crate::error::{Error, ErrorKind};

/// The error for what libgit2 said while it did `action` at `path`.
pub(super) fn failed(action: &str, path: &Path, error: &git2::Error) -> Error {
    let said = crate::text::escape(error.message());
    Error::new(
        ErrorKind::GitFailed,
        format!("{action} `{}`: {said}", shown(path)),
    )
    .with_path(path)
}

/// A path, fit to be shown.
pub(super) fn shown(path: &Path) -> String {
    crate::text::escape(&path.to_string_lossy())
}

/// The error for a commit that libgit2 could not make.
pub(super) fn not_made(root: &Path, error: &git2::Error) -> Error {
    failed("cannot commit in", root, error)
}
