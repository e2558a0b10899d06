//! How the home's repository reaches the git program.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::failure;
use crate::error::{Error, ErrorKind, Result};
use crate::process::command::command;
use crate::process::environment::{Environment, for_home};

/// The git program, if there is one, and the environment that it runs in.
#[derive(Clone)]
pub(crate) struct GitAccess {
    program: Option<PathBuf>,
    env: Arc<Environment>,
}

impl GitAccess {
    /// Takes the absolute path of the program, and the caller's whole environment: what of it
    /// reaches git is decided here.
    pub(crate) fn new(program: Option<PathBuf>, env: Arc<Environment>) -> Self {
        GitAccess { program, env }
    }

    /// The caller's environment.
    pub(super) fn env(&self) -> &Environment {
        &self.env
    }

    /// Starts a command line of git for the work tree at `root`; `reason` says why git is needed
    /// ("the repository has commit hooks").
    ///
    /// # Errors
    /// [`ErrorKind::GitMissing`].
    pub(super) fn command(&self, root: &Path, reason: &str) -> Result<Command> {
        let Some(program) = &self.program else {
            return Err(Error::new(
                ErrorKind::GitMissing,
                format!(
                    "the git program is needed because {reason} in `{}`, but it was not found",
                    failure::shown(root)
                ),
            )
            .with_path(root));
        };
        Ok(command(program, &for_home(&self.env), root))
    }
}

impl fmt::Debug for GitAccess {
    /// Shows no environment: it holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitAccess")
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}
