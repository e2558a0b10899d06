//! A user of their own for each test: nothing of the machine's is read, nothing outside a scratch
//! directory is written.
//!
//! ```text
//! <scratch>/user    $HOME
//!           home    $ATK_HOME; not there until it is made
//!           cache   $ATK_CACHE_DIR
//!           repos   source repositories, to be served
//!           work    the working directory
//!           tmp     $TMPDIR
//! ```

mod binary;
mod python;
mod run;
mod snapshot;
mod terminal;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub use binary::atk_binary;
pub use python::python_atk;
pub use run::{Finished, Running};
pub use snapshot::Snapshot;
pub use terminal::Terminal;

use crate::patience::Watched;
use crate::repository::Tree;

/// A scratch directory, and the environment in which programs run in it.
#[derive(Debug)]
pub struct Sandbox {
    scratch: TempDir,
    /// The scratch directory without links in its path (`/tmp` is one on macOS).
    root: PathBuf,
    variables: BTreeMap<OsString, OsString>,
    _watched: Watched,
}

impl Default for Sandbox {
    fn default() -> Self {
        Sandbox::new()
    }
}

impl Sandbox {
    /// Makes an empty sandbox. Its home is not made.
    #[must_use]
    pub fn new() -> Sandbox {
        let scratch = TempDir::with_prefix("atk-test-").expect("create a scratch directory");
        let root = scratch
            .path()
            .canonicalize()
            .expect("the scratch directory");
        for name in ["user", "cache", "repos", "work", "tmp"] {
            fs::create_dir(root.join(name)).expect("create a directory");
        }
        fs::write(
            root.join("user/.gitconfig"),
            "[user]\n\tname = User\n\temail = user@example.com\n[init]\n\tdefaultBranch = main\n",
        )
        .expect("write the user's git configuration");
        let mut sandbox = Sandbox {
            scratch,
            root,
            variables: BTreeMap::new(),
            _watched: Watched::begin(),
        };
        sandbox.set("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, directory) in [
            ("HOME", "user"),
            ("ATK_HOME", "home"),
            ("ATK_CACHE_DIR", "cache"),
            ("TMPDIR", "tmp"),
        ] {
            sandbox.set(name, sandbox.path(directory));
        }
        sandbox.set("GIT_CONFIG_NOSYSTEM", "1");
        sandbox.set("LC_ALL", "C.UTF-8");
        sandbox.set("TERM", "dumb");
        // Nothing listens on the discard port: no test reaches the real registry by mistake.
        sandbox.set("ATK_REGISTRY_URL", "http://127.0.0.1:9/registry");
        sandbox
    }

    /// A sandbox whose home has been made by `atk init`.
    #[must_use]
    pub fn with_home() -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.atk(&["init"]).succeeds();
        sandbox
    }

    /// Sets a variable of the environment for all that runs from now on.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Removes a variable.
    pub fn unset(&mut self, name: &str) {
        self.variables.remove(&OsString::from(name));
    }

    /// The registry that names without a path or a host mean.
    pub fn use_registry(&mut self, url: &str) {
        self.set("ATK_REGISTRY_URL", url);
    }

    /// A path in the scratch directory.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The ATK home.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// The directory for source repositories.
    #[must_use]
    pub fn repos(&self) -> PathBuf {
        self.path("repos")
    }

    /// Files to be written below the scratch directory: `files("work/tool").file(…)`.
    pub fn files(&self, directory: &str) -> Tree {
        Tree::new(self.path(directory))
    }

    /// The text of a file of the home.
    ///
    /// # Panics
    /// Where it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        let path = self.home().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A program in the sandbox's environment and working directory.
    #[must_use]
    pub fn program(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .env_clear()
            .envs(&self.variables)
            .current_dir(self.path("work"));
        command
    }

    /// The `atk` binary with these arguments, to be changed before it runs.
    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program(atk_binary());
        command.args(args);
        command
    }

    /// Runs `atk` without any input.
    #[must_use = "look at how it ended: `succeeds` or `fails`"]
    pub fn atk(&self, args: &[&str]) -> Finished {
        self.start(args).wait()
    }

    /// Runs `atk` with this standard input.
    #[must_use = "look at how it ended: `succeeds` or `fails`"]
    pub fn atk_with_input(&self, args: &[&str], input: &str) -> Finished {
        self.run_with_input(self.command(args), input)
    }

    /// Starts `atk` without any input.
    #[must_use]
    pub fn start(&self, args: &[&str]) -> Running {
        self.spawn(self.command(args))
    }

    /// Starts a command without any input.
    #[must_use]
    pub fn spawn(&self, command: Command) -> Running {
        Running::start(command, "", &self.path("tmp"))
    }

    /// Runs a command with this standard input.
    #[must_use = "look at how it ended: `succeeds` or `fails`"]
    pub fn run_with_input(&self, command: Command, input: &str) -> Finished {
        Running::start(command, input, &self.path("tmp")).wait()
    }

    /// Starts `atk` on a terminal of its own.
    #[must_use]
    pub fn terminal(&self, args: &[&str]) -> Terminal {
        self.terminal_of(self.command(args))
    }

    /// Starts a command on a terminal of its own.
    #[must_use]
    pub fn terminal_of(&self, command: Command) -> Terminal {
        Terminal::start(command)
    }

    /// Runs git in the home and returns what it printed.
    ///
    /// # Panics
    /// Where git fails.
    pub fn git(&self, args: &[&str]) -> String {
        let mut git = self.program("git");
        git.arg("-C").arg(self.home()).args(args);
        self.spawn(git)
            .wait()
            .succeeds()
            .stdout
            .trim_end()
            .to_owned()
    }

    /// The subjects of the home's commits, the newest first.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        let log = self.git(&["log", "--format=%s"]);
        log.lines().map(str::to_owned).collect()
    }

    /// What the home holds now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.home())
    }

    /// Keeps the scratch directory when the test ends, and returns its path. For debugging.
    #[must_use]
    pub fn keep(self) -> PathBuf {
        self.scratch.keep()
    }
}
