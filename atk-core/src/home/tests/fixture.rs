//! A home in a temporary directory, and everything in it as text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::{Checkpoint, HomeDir, LockWait, LockedHome, NewHome, create};
use crate::error::Result;
use crate::host::{CancelToken, Event, Scope};
use crate::model::name::PluginDir;
use crate::repository::GitAccess;

pub(super) const MANIFEST: &str = "schema_version: '2026-02-06'\nplugins: []\n";
pub(super) const GITIGNORE: &str =
    "plugins/*/*\n!plugins/*/custom/\n!plugins/*/custom/**\n*.env\n.env.*\n";

/// A home, and what hears of its operations.
pub(super) struct Fixture {
    pub(super) dir: PathBuf,
    _temp: Option<tempfile::TempDir>,
    pub(super) cancel: CancelToken,
    pub(super) events: RefCell<Vec<String>>,
}

/// The name of the plugin in all tests.
pub(super) fn x() -> PluginDir {
    PluginDir::new("xx").unwrap()
}

/// Git without a user's settings.
pub(super) fn access() -> GitAccess {
    let program = [
        "/usr/bin/git",
        "/usr/local/bin/git",
        "/opt/homebrew/bin/git",
    ]
    .map(PathBuf::from)
    .into_iter()
    .find(|path| path.exists());
    let env = [
        ("HOME", "/nonexistent"),
        ("PATH", "/usr/bin:/bin"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
    ];
    let env = env.map(|(name, value)| (name.into(), value.into()));
    GitAccess::new(program, Arc::new(BTreeMap::from(env)))
}

/// Memory, where there is such a directory: the tests sync a lot.
pub(super) fn temp_dir() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

impl Fixture {
    /// A directory without a home in it.
    pub(super) fn bare() -> Self {
        let temp = temp_dir();
        let fixture = Fixture::at(temp.path());
        Fixture {
            _temp: Some(temp),
            ..fixture
        }
    }

    /// A directory of another process's.
    pub(super) fn at(dir: &Path) -> Self {
        Fixture {
            dir: dir.canonicalize().unwrap(),
            _temp: None,
            cancel: CancelToken::new(),
            events: RefCell::default(),
        }
    }

    /// A new home.
    pub(super) fn new() -> Self {
        let fixture = Fixture::bare();
        assert!(fixture.create(None).unwrap());
        fixture
    }

    /// The same home, at another place.
    pub(super) fn copy(&self) -> Self {
        let copy = Fixture::bare();
        for entry in walkdir::WalkDir::new(self.root()) {
            let from = entry.unwrap().into_path();
            let to = copy.dir.join(from.strip_prefix(&self.dir).unwrap());
            let metadata = from.symlink_metadata().unwrap();
            if metadata.is_symlink() {
                std::os::unix::fs::symlink(std::fs::read_link(&from).unwrap(), to).unwrap();
            } else if metadata.is_dir() {
                std::fs::create_dir(to).unwrap();
            } else {
                std::fs::copy(from, to).unwrap();
            }
        }
        copy
    }

    pub(super) fn root(&self) -> PathBuf {
        self.dir.join("home")
    }

    pub(super) fn create(&self, checkpoint: Option<Checkpoint>) -> Result<bool> {
        let content = NewHome {
            manifest: Some(MANIFEST),
            gitignore: GITIGNORE.as_bytes(),
        };
        self.scoped(|scope| {
            let wait = LockWait::Wait;
            create(&self.root(), content, &access(), checkpoint, wait, scope)
        })
    }

    pub(super) fn open(&self, checkpoint: Option<Checkpoint>) -> HomeDir {
        HomeDir::open(&self.root(), &access(), checkpoint).unwrap()
    }

    /// A home whose `.git` is a file: a worktree of a home at `main`.
    pub(super) fn worktree() -> Self {
        let fixture = Fixture::new();
        let main = fixture.dir.join("main");
        std::fs::rename(fixture.root(), &main).unwrap();
        let repository = git2::Repository::open(&main).unwrap();
        let options = git2::WorktreeAddOptions::new();
        repository
            .worktree("home", &fixture.root(), Some(&options))
            .unwrap();
        fixture
    }

    fn scoped<T>(&self, run: impl FnOnce(Scope<'_>) -> T) -> T {
        let report = |event: Event| {
            if let Event::Message { text, .. } = event {
                self.events.borrow_mut().push(text);
            }
        };
        run(Scope {
            cancel: &self.cancel,
            report: &report,
        })
    }

    /// Runs something with the home locked; recovery has then been done.
    pub(super) fn locked<T>(&self, run: impl FnOnce(&LockedHome<'_>) -> T) -> T {
        self.locked_at(None, run).unwrap()
    }

    pub(super) fn locked_at<T>(
        &self,
        checkpoint: Option<Checkpoint>,
        run: impl FnOnce(&LockedHome<'_>) -> T,
    ) -> Result<T> {
        let home = self.open(checkpoint);
        self.scoped(|scope| {
            let locked = home.lock("test", LockWait::Wait, None, scope)?;
            Ok(run(&locked))
        })
    }

    /// Makes a hook of the repository.
    pub(super) fn hook(&self, name: &str, script: &str) {
        let path = format!(".git/hooks/{name}");
        self.write(&path, &format!("#!/bin/sh\n{script}\n"));
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.root().join(path), mode).unwrap();
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.root().join(path).symlink_metadata().is_ok()
    }

    /// Everything in the home: files with modes, links, receipts and backups, history.
    pub(super) fn snapshot(&self) -> Vec<String> {
        snapshot(&self.root())
    }
}

/// See [`Fixture::snapshot`].
pub(super) fn snapshot(root: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    add_tree(root, root, &mut lines);
    for dir in ["receipts", "backups"] {
        let dir = root.join(".git/atk").join(dir);
        if dir.exists() {
            add_tree(root, &dir, &mut lines);
        }
    }
    // Empty directories of the scratch say nothing.
    lines.retain(|line| !line.starts_with(".git/atk") || !line.ends_with(" directory"));
    lines.extend(history(root));
    lines
}

fn add_tree(root: &Path, dir: &Path, lines: &mut Vec<String>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        // The time is not the same in two runs.
        let name = match name.split_once("backups/xx/") {
            Some((before, after)) => {
                let (_, rest) = after.split_once('/').unwrap_or((after, ""));
                format!("{before}backups/xx/<time>/{rest}")
            }
            None => name,
        };
        let metadata = path.symlink_metadata().unwrap();
        let mode = metadata.permissions().mode() & 0o7777;
        if name == ".git" {
            continue;
        } else if metadata.is_symlink() {
            lines.push(format!(
                "{name} -> {}",
                std::fs::read_link(&path).unwrap().display()
            ));
        } else if metadata.is_dir() {
            lines.push(format!("{name} {mode:o} directory"));
            add_tree(root, &path, lines);
        } else {
            let text = std::fs::read(&path).unwrap();
            lines.push(format!(
                "{name} {mode:o} {:?}",
                String::from_utf8_lossy(&text)
            ));
        }
    }
}

/// The subjects of all commits and the last tree.
fn history(root: &Path) -> Vec<String> {
    let repository = git2::Repository::open(root).unwrap();
    let mut lines = Vec::new();
    if let Ok(head) = repository.head() {
        let tree = head.peel_to_tree().unwrap();
        tree.walk(git2::TreeWalkMode::PreOrder, |dir, entry| {
            lines.push(format!(
                "HEAD:{dir}{} {}",
                entry.name().unwrap_or_default(),
                entry.id()
            ));
            git2::TreeWalkResult::Ok
        })
        .unwrap();
        let mut walk = repository.revwalk().unwrap();
        walk.push_head().unwrap();
        for id in walk {
            let commit = repository.find_commit(id.unwrap()).unwrap();
            lines.push(format!(
                "commit {:?}",
                commit.message().unwrap_or_default().trim_end()
            ));
        }
    }
    lines.extend(repository.index().unwrap().iter().map(|entry| {
        let path = String::from_utf8_lossy(&entry.path).into_owned();
        format!("INDEX:{path} {:o} {}", entry.mode, entry.id)
    }));
    lines
}

/// Checks that no operation left anything behind in the scratch, and none of git's locks.
pub(super) fn assert_scratch_is_clean(root: &Path) {
    // Nothing of it is below `root` if git's directory lies elsewhere.
    for entry in walkdir::WalkDir::new(root.join(".git"))
        .into_iter()
        .flatten()
    {
        let path = entry.into_path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_ours = path.starts_with(root.join(".git/atk"));
        assert!(
            is_ours || !(name.ends_with(".lock") || name.starts_with("atk-")),
            "`{}` is left",
            path.display()
        );
    }
    let scratch = root.join(".git/atk");
    assert!(
        !scratch.join("transaction").exists(),
        "a transaction is left"
    );
    for dir in ["temp", "discarded", "staging"] {
        let Ok(entries) = std::fs::read_dir(scratch.join(dir)) else {
            continue;
        };
        let left: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.is_empty(), "{dir}: {left:?}");
    }
}
