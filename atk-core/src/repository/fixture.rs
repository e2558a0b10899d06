//! A home in a temporary directory, and the git program beside it to compare with.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::commit_request::{CommitError, CommitRequest};
use super::{Attempt, CommitJournal, GitAccess, PATIENCE, Repository};
use crate::error::Result;
use crate::host::{CancelToken, Scope};
use crate::model::pin::Pin;

pub(super) struct Home {
    pub(super) dir: tempfile::TempDir,
    pub(super) env: BTreeMap<OsString, OsString>,
}

/// The git program of this machine.
#[expect(
    clippy::disallowed_methods,
    reason = "a test may look at its surroundings"
)]
pub(super) fn git_program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path)
        .map(|dir| dir.join("git"))
        .find(|git| git.is_file())
        .expect("git on PATH")
}

/// Runs a program that must succeed; its standard output.
#[expect(
    clippy::disallowed_methods,
    reason = "a test compares with the git program"
)]
pub(super) fn output(
    program: &Path,
    dir: &Path,
    env: &BTreeMap<OsString, OsString>,
    args: &[&str],
) -> String {
    let done = Command::new(program)
        .args(args)
        .current_dir(dir)
        .env_clear()
        .envs(env)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{args:?}: {said}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

impl Home {
    /// A home without a repository.
    pub(super) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let user = dir.path().join("user");
        fs::create_dir_all(dir.path().join("home")).unwrap();
        fs::create_dir_all(&user).unwrap();
        let path = git_program().parent().unwrap().as_os_str().to_owned();
        let mut all = path;
        all.push(":/usr/bin:/bin");
        let env = BTreeMap::from([
            ("PATH".into(), all),
            ("HOME".into(), user.into()),
            ("GIT_CONFIG_NOSYSTEM".into(), "1".into()),
        ]);
        Home { dir, env }
    }

    /// A home with two commits' worth of files, one of them about to be committed.
    pub(super) fn new() -> Self {
        let home = Home::empty();
        home.git(&["init", "-q", "-b", "main"]);
        home.write(
            ".gitignore",
            "plugins/*/*\n!plugins/*/custom/\n!plugins/*/custom/**\n*.env\n.env.*\n",
        );
        home.write("manifest.yaml", "plugins: []\n");
        home.write("plugins/one/custom/a", "a");
        home.write("plugins/one/custom/b", "b");
        home.write("notes", "mine");
        home.git(&["add", "-A"]);
        home.git(&[
            "-c",
            "user.name=U",
            "-c",
            "user.email=u@u",
            "commit",
            "-qm",
            "start",
        ]);
        home
    }

    pub(super) fn root(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn remove(&self, path: &str) {
        let path = self.root().join(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap()
        } else {
            fs::remove_file(path).unwrap()
        }
    }

    pub(super) fn git(&self, args: &[&str]) -> String {
        output(&git_program(), &self.root(), &self.env, args)
            .trim_end()
            .to_owned()
    }

    /// Makes a hook of the repository.
    pub(super) fn hook(&self, name: &str, script: &str) {
        self.write(
            &format!(".git/hooks/{name}"),
            &format!("#!/bin/sh\n{script}\n"),
        );
        let path = self.root().join(".git/hooks").join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn access(&self) -> GitAccess {
        GitAccess::new(Some(git_program()), Arc::new(self.env.clone()))
    }

    pub(super) fn open(&self) -> Repository {
        Repository::open(&self.root(), &self.access()).unwrap()
    }

    pub(super) fn open_without_git(&self) -> Repository {
        Repository::open(
            &self.root(),
            &GitAccess::new(None, Arc::new(self.env.clone())),
        )
        .unwrap()
    }

    pub(super) fn commit(&self, paths: &[&str]) -> Result<Option<Pin>> {
        commit(&self.open(), paths)
    }

    /// What a user would see: HEAD's files, the index, the status.
    pub(super) fn state(&self) -> [String; 3] {
        [
            self.git(&["rev-parse", "HEAD^{tree}"]) + "\n" + &self.git(&["ls-tree", "-r", "HEAD"]),
            self.git(&["ls-files", "-s"]),
            self.git(&["status", "--porcelain", "--ignored"]),
        ]
    }

    /// Everything in the git directory but objects and logs.
    pub(super) fn git_dir_files(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.root().join(".git"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| {
                !["COMMIT_EDITMSG", "logs", "hooks", "description", "branches"]
                    .contains(&name.as_str())
            })
            .collect();
        names.sort();
        names
    }
}

pub(super) fn commit(repository: &Repository, paths: &[&str]) -> Result<Option<Pin>> {
    commit_as(repository, paths, request(&[]).message)
}

pub(super) fn commit_as(
    repository: &Repository,
    paths: &[&str],
    message: &str,
) -> Result<Option<Pin>> {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let request = CommitRequest {
        message,
        ..request(&paths)
    };
    let outcome = repository
        .commit(&request, &mut Forgetful, scope(&CancelToken::new()))
        .map_err(CommitError::into_error)?;
    match outcome.unfinished {
        Some(error) => Err(error),
        None => Ok(outcome.commit),
    }
}

pub(super) fn request(paths: &[PathBuf]) -> CommitRequest<'_> {
    CommitRequest {
        message: "Add plugin 'x'",
        paths,
        patience: PATIENCE,
    }
}

/// A journal that is not read.
pub(super) struct Forgetful;

impl CommitJournal for Forgetful {
    fn record(&mut self, _: &Attempt) -> Result<()> {
        Ok(())
    }

    fn at(&self, _: &str) {}
}

pub(super) fn scope(cancel: &CancelToken) -> Scope<'_> {
    Scope {
        cancel,
        report: &|_| {},
    }
}
