//! The home's repository: whether there is one, what state it is in, and commits of exactly the
//! paths that an operation changed.
//!
//! Commits are made in this process. The git program makes them where the repository asks for
//! something that libgit2 does not do: hooks, filters, storage formats.
//!
//! While a commit is under way the git directory holds, besides git's own files:
//!
//! ```text
//! index.lock    git's own lock, with a line of text in it that says it is ours
//! atk-index     the index that will replace `index`
//! atk-scratch   the index that the commit is made from, where the git program makes it
//! atk-settings  configuration of this one commit
//! ```

mod access;
mod by_program;
mod commit;
mod env;
mod history;
mod hooks;
mod ignore;
mod in_process;
mod in_progress;
mod index_lock;
mod init;
mod open;
mod program;
mod push;
mod secret;
mod selection;
mod tracked;
mod tree;

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

pub(crate) use access::GitAccess;
pub(crate) use commit::CommitRequest;

/// The repository whose work tree is a home.
///
/// It holds paths and no open files: every method looks at the repository as it is by then.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    root: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    access: GitAccess,
    engine: Engine,
}

/// Who reads and writes the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Engine {
    /// libgit2, in this process.
    InProcess,
    /// The git program, because of this ("the SHA-256 object format").
    Program(String),
}

impl Repository {
    /// Opens it with libgit2. Cheap; each call sees what other processes did since the last.
    fn open_in_process(&self) -> Result<git2::Repository> {
        git2::Repository::open(&self.root)
            .map_err(|error| failed("cannot open the repository", &self.root, &error))
    }
}

/// The error for what libgit2 said while it did `action` at `path`.
fn failed(action: &str, path: &Path, error: &git2::Error) -> Error {
    let said = crate::text::escape(error.message());
    Error::new(
        ErrorKind::GitFailed,
        format!("{action} `{}`: {said}", shown(path)),
    )
    .with_path(path)
}

/// A path, fit to be shown.
fn shown(path: &Path) -> String {
    crate::text::escape(&path.to_string_lossy())
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
