//! Single changes of a home.

use std::path::Path;

use super::path::HomePath;

/// A change of one path.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change<'a> {
    /// Creates a file or replaces its content. Its place is never empty meanwhile; where the
    /// content and the mode are what they should be already, nothing is done.
    Write {
        path: &'a HomePath,
        bytes: &'a [u8],
        access: Access,
    },
    /// Moves a staged file, link or directory to where nothing is.
    Place {
        staged: &'a Path,
        path: &'a HomePath,
    },
    /// Moves a staged file, link or directory to where something else is.
    Replace {
        staged: &'a Path,
        path: &'a HomePath,
    },
    /// Makes an empty directory where nothing is.
    MakeDir { path: &'a HomePath },
    /// Removes a file, a link or a whole directory.
    Remove { path: &'a HomePath },
    /// Removes a directory if it is empty.
    RemoveEmptyDir { path: &'a HomePath },
}

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The mode of the file it replaces; 0644 less the umask for a new one.
    Shared,
    /// The user alone: 0600, whatever it was before.
    Private,
}
