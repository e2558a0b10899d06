//! Commits of exactly the paths that an operation changed.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::index_lock::{IndexLock, PATIENCE};
use super::selection::{self, Served};
use super::{Engine, Repository, failed, in_process, shown};
use crate::error::{Error, ErrorKind, Result};
use crate::host::Scope;
use crate::model::pin::Pin;

/// Author and committer.
pub(super) const NAME: &str = "ATK";
pub(super) const EMAIL: &str = "atk@localhost";

/// What to commit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CommitRequest<'a> {
    /// The message; its first line is the subject.
    pub(crate) message: &'a str,
    /// Files and whole directories, relative to the work tree. They need not exist: what was
    /// tracked there is then removed. What is neither there nor tracked is skipped.
    pub(crate) paths: &'a [PathBuf],
}

impl Repository {
    /// Commits what is at these paths on disk, and nothing else: what the user has staged or
    /// changed elsewhere stays as it is, in the index and on disk. Untracked files that the
    /// repository ignores are left out. Author and committer are ATK, and nothing is signed.
    ///
    /// The user's commit hooks run. Once it returns, the commit is on disk for good; where it
    /// fails, index and HEAD are as before. `None`: there was nothing to commit.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInProgress`]; [`ErrorKind::CommitRefused`] with a hook's output;
    /// [`ErrorKind::ContentRefused`] for a secret or a nested repository, naming the path;
    /// [`ErrorKind::GitMissing`] where only the git program could make it;
    /// [`ErrorKind::GitFailed`]; [`ErrorKind::Cancelled`].
    pub(crate) fn commit(
        &self,
        request: &CommitRequest<'_>,
        scope: Scope<'_>,
    ) -> Result<Option<Pin>> {
        let paths = selection::checked(request.paths)?;
        if paths.is_empty() {
            return Ok(None);
        }
        self.check_settled()?;
        let reason = match self.needs_program()? {
            Some(reason) => reason,
            None => match self.commit_in_process(request.message, &paths, scope)? {
                Served::Done(made) => return Ok(made),
                Served::NeedsProgram(reason) => reason,
            },
        };
        self.commit_by_program(request.message, &paths, &reason, scope)
    }

    /// Tries again while another process holds the lock of a ref, or has just moved it.
    fn commit_in_process(
        &self,
        message: &str,
        paths: &[&Path],
        scope: Scope<'_>,
    ) -> Result<Served<Option<Pin>>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let lock = IndexLock::acquire(&self.git_dir, PATIENCE, scope.cancel)?;
            match in_process::commit(self, message, paths, lock, scope.cancel) {
                Err(error) if is_contention(&error) && Instant::now() < deadline => {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                Err(error) => return Err(error),
                Ok(Served::Done(made)) => return made.map(as_pin).transpose().map(Served::Done),
                Ok(Served::NeedsProgram(reason)) => return Ok(Served::NeedsProgram(reason)),
            }
        }
    }

    /// The commit at HEAD; none on a branch without one.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`].
    pub(crate) fn head(&self) -> Result<Option<Pin>> {
        if let Engine::Program(_) = self.engine {
            return self.head_by_program();
        }
        let repository = self.open_in_process()?;
        let head = in_process::head_commit(&repository)
            .map_err(|error| failed("cannot read HEAD of", &self.root, &error))?;
        head.map(|commit| as_pin(commit.id())).transpose()
    }
}

fn as_pin(id: git2::Oid) -> Result<Pin> {
    Pin::new(&id.to_string())
}

fn is_contention(error: &Error) -> bool {
    let code = error
        .cause()
        .and_then(|cause| cause.downcast_ref::<git2::Error>())
        .map(git2::Error::code);
    matches!(
        code,
        Some(git2::ErrorCode::Locked | git2::ErrorCode::Modified)
    )
}

/// The error for a commit that libgit2 could not make.
pub(super) fn not_made(root: &Path, error: &git2::Error) -> Error {
    let cause = git2::Error::new(error.code(), error.class(), error.message());
    failed("cannot commit in", root, error).with_cause(cause)
}

/// The error for a file that must not be committed.
pub(super) fn secret(path: &Path) -> Error {
    Error::new(
        ErrorKind::ContentRefused,
        format!(
            "`{}` may hold secrets and is not ignored: it must not be committed",
            shown(path)
        ),
    )
    .with_path(path)
    .with_help("list it in `.gitignore`, or give it another name")
}

/// The message as git would store it: no trailing spaces, one line end at the end.
pub(super) fn tidy(message: &str) -> String {
    let lines: Vec<&str> = message.trim().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
