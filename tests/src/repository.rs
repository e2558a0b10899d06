//! Source repositories as plugin authors make them, written by real git.

mod large;
mod registry;
mod tree;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use large::{MONO, Scale, mono_repository, registry_of};
pub use registry::Registry;
pub use tree::Tree;

/// A bare repository below the directory of a [`GitServer`](crate::server::GitServer), with its
/// files beside it.
///
/// Dates and identities are fixed, so that the same contents have the same ids in every run.
#[derive(Debug)]
pub struct Repository {
    git_dir: PathBuf,
    files: PathBuf,
    /// How many commits were made: each is a second younger than the one before.
    commits: Cell<u32>,
}

impl Repository {
    /// Makes the empty repository `<root>/<name>`; its branch is `main`.
    #[must_use]
    pub fn new(root: &Path, name: &str) -> Repository {
        let repository = Repository {
            git_dir: root.join(name),
            files: root.join(format!("{name}.files")),
            commits: Cell::new(0),
        };
        fs::create_dir_all(&repository.files).expect("create the directory of the files");
        let git_dir = repository.git_dir.to_str().expect("a path in UTF-8");
        let output = git().args(["init", "-q", "--bare", git_dir]).output();
        assert!(
            output.expect("run git").status.success(),
            "git init {git_dir}"
        );
        repository
    }

    /// The repository of a tool that brings its own plugin: what the closure makes lies in `.atk/`,
    /// and is committed.
    #[must_use]
    pub fn tool(root: &Path, name: &str, plugin: impl FnOnce(Tree) -> Tree) -> Repository {
        let repository = Repository::new(root, name);
        repository.tree("").file("README.md", "# A tool\n");
        plugin(repository.tree(".atk"));
        repository.commit("Add the plugin");
        repository
    }

    /// The files of a directory of the repository, to be written; `""` is its root.
    pub fn tree(&self, directory: &str) -> Tree {
        Tree::new(self.files.join(directory))
    }

    /// Commits all files as they are now; returns the commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.commits.set(self.commits.get() + 1);
        self.git(&["add", "--all", "--force", "."]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.head()
    }

    /// The id of the newest commit.
    #[must_use]
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git in the repository and returns what it printed.
    ///
    /// # Panics
    /// Where git fails.
    pub fn git(&self, args: &[&str]) -> String {
        let date = format!("{} +0000", 1_767_225_600 + self.commits.get());
        let output = git()
            .args(args)
            .current_dir(&self.files)
            .env("GIT_DIR", &self.git_dir)
            .env("GIT_WORK_TREE", &self.files)
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .output()
            .expect("run git");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {said}");
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    /// The repository itself.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// Its address as a `file://` URL.
    #[must_use]
    pub fn file_url(&self) -> String {
        format!("file://{}", self.git_dir.display())
    }
}

/// A `git` that takes nothing from the user's or the machine's configuration.
pub(crate) fn git() -> Command {
    let mut git = Command::new("git");
    git.env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs([("HOME", "/nonexistent"), ("LC_ALL", "C")])
        .envs([
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ])
        .envs([
            ("GIT_AUTHOR_NAME", "Author"),
            ("GIT_AUTHOR_EMAIL", "author@example.com"),
        ])
        .envs([
            ("GIT_COMMITTER_NAME", "Author"),
            ("GIT_COMMITTER_EMAIL", "author@example.com"),
        ])
        .args(["-c", "init.defaultBranch=main", "-c", "core.autocrlf=false"]);
    git
}
