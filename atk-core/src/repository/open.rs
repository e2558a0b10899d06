//! Finding the repository of a home.

use std::path::{Path, PathBuf};

use git2::ErrorCode;

use super::failure::{failed, shown};
use super::{Backend, GitAccess, Repository};
use crate::error::{Error, ErrorKind, Result};

impl Repository {
    /// Opens the repository whose work tree has its top at `root`. `.git` may be a file, as in a
    /// worktree or a submodule. A directory inside the work tree of another repository is no home.
    ///
    /// # Errors
    /// [`ErrorKind::HomeNotInitialized`] if it does not exist; [`ErrorKind::GitFailed`] if there
    /// is one that cannot be used; [`ErrorKind::GitMissing`] if only the git program could.
    pub(crate) fn open(root: &Path, access: &GitAccess) -> Result<Repository> {
        if let Err(error) = root.join(".git").symlink_metadata() {
            return Err(match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => not_there(root),
                _ => Error::io("cannot look for a repository in", root, error),
            });
        }
        match git2::Repository::open(root) {
            Ok(found) => {
                if !found
                    .workdir()
                    .is_some_and(|workdir| same_directory(workdir, root))
                {
                    return Err(not_there(root));
                }
                Ok(Repository {
                    root: root.to_owned(),
                    git_dir: found.path().to_owned(),
                    common_dir: found.commondir().to_owned(),
                    access: access.clone(),
                    engine: Backend::InProcess,
                })
            }
            Err(error) if error.code() == ErrorCode::NotFound => Err(not_there(root)),
            Err(error) if error.code() == ErrorCode::Owner => {
                Err(failed("cannot use the repository", root, &error).with_help(
                    "the directory belongs to another user: list it in git's `safe.directory`",
                ))
            }
            Err(error) => Self::open_by_program(root, access, &error),
        }
    }

    /// Asks the git program about a repository that libgit2 cannot open.
    fn open_by_program(root: &Path, access: &GitAccess, cause: &git2::Error) -> Result<Repository> {
        let reason = format!("the repository has {}", format_of(cause));
        let mut repository = Repository {
            root: root.to_owned(),
            git_dir: PathBuf::new(),
            common_dir: PathBuf::new(),
            access: access.clone(),
            engine: Backend::Program(reason),
        };
        let [top, git_dir, common_dir] =
            ["--show-toplevel", "--absolute-git-dir", "--git-common-dir"].map(|what| {
                let line = repository.git(&["rev-parse", what])?.line()?;
                Ok::<_, Error>(root.join(line))
            });
        if !same_directory(&top?, root) {
            return Err(not_there(root));
        }
        repository.git_dir = git_dir?;
        repository.common_dir = common_dir?;
        Ok(repository)
    }
}

/// What is special about a repository, for the message that says why git is needed.
fn format_of(error: &git2::Error) -> String {
    format!(
        "a format that needs it ({})",
        crate::text::escape(error.message())
    )
}

fn same_directory(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

fn not_there(root: &Path) -> Error {
    Error::new(
        ErrorKind::HomeNotInitialized,
        format!("`{}` is not the top of a git repository", shown(root)),
    )
    .with_path(root)
}
