//! Commands of git, and of programs that serve it, in an environment and a place of our choice.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::environment::{Environment, for_fetching};
use super::program::{GitProgram, find_program};
use crate::error::{Error, Result};

/// Makes a command of a program that works in a directory, with this environment and no other.
pub(crate) fn command(program: &Path, env: &Environment, dir: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "this is where git and ssh start")]
    let mut command = Command::new(program);
    command.env_clear().envs(env).current_dir(dir);
    command
}

/// Makes commands. It knows where git is; nothing has been started yet.
#[derive(Debug)]
pub(crate) struct Commands {
    git: PathBuf,
    env: Environment,
    dir: PathBuf,
}

impl Commands {
    /// Commands that work in `dir`, which is made if it is missing and is no repository: git
    /// then reads the user's and the system's configuration, and no repository's.
    ///
    /// # Errors
    /// [`ErrorKind::GitMissing`](crate::ErrorKind::GitMissing),
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn new(
        program: &GitProgram,
        env: &Environment,
        dir: &Path,
        interactive: bool,
    ) -> Result<Self> {
        let git = program.find(env)?;
        std::fs::create_dir_all(dir)
            .map_err(|error| Error::io("cannot create the object cache", dir, error))?;
        let mut env = for_fetching(env, interactive);
        // Git must not find a repository further up either.
        env.insert(
            "GIT_CEILING_DIRECTORIES".into(),
            dir.parent().unwrap_or(dir).into(),
        );
        Ok(Commands {
            git,
            env,
            dir: dir.to_owned(),
        })
    }

    /// A command of git.
    pub(crate) fn git(&self) -> Command {
        self.program(&self.git)
    }

    /// A command of another program.
    pub(crate) fn program(&self, program: &Path) -> Command {
        command(program, &self.env, &self.dir)
    }

    /// The program of that name on the `PATH` of the children.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        find_program(name, &self.env)
    }

    /// A variable of the children's environment; `None` if it is empty.
    pub(crate) fn var(&self, name: &str) -> Option<&OsStr> {
        let value = self.env.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value)
    }

    /// The children's environment.
    pub(crate) fn env(&self) -> &Environment {
        &self.env
    }
}
