//! Transactions as the operations will make them, for the tests that interrupt them.

use std::path::Path;

use super::super::{
    Access, Change, CommitPlan, FileKind, HomePath, LockedHome, Receipt, ReceiptFile, Transaction,
};
use super::fixture::{Fixture, GITIGNORE, MANIFEST, x};
use crate::error::{Error, ErrorKind, Result};
use crate::model::pin::Pin;

/// A transaction that is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// A plugin into a new directory.
    Add,
    /// A plugin into a directory that holds `custom/` and `.env`.
    AddOver,
    /// All kinds of changes of files.
    Upgrade,
    /// The plugin goes.
    Remove,
    /// `install` fails: `uninstall`, then rolled back.
    FailedAdd,
    /// As `Add`, with a commit hook, for which the git program makes the commit.
    HookedAdd,
    /// One record of each kind, so that there are few enough steps to try every pair of them.
    EachKind,
}

pub(super) const SCRIPTS: [Script; 7] = [
    Script::EachKind,
    Script::Add,
    Script::AddOver,
    Script::Upgrade,
    Script::Remove,
    Script::FailedAdd,
    Script::HookedAdd,
];

impl Script {
    pub(super) fn from_name(name: &str) -> Option<Script> {
        SCRIPTS
            .into_iter()
            .find(|script| format!("{script:?}") == name)
    }

    /// Brings a new home into the state before the transaction.
    pub(super) fn prepare(self, fixture: &Fixture) {
        match self {
            Script::Add | Script::FailedAdd => {}
            Script::HookedAdd => fixture.hook("pre-commit", "exit 0"),
            Script::AddOver => {
                fixture.write("plugins/xx/custom/mine", "my own\n");
                fixture.write("plugins/xx/.env", "KEY=old\n");
            }
            Script::EachKind => {
                fixture.write("plugins/xx/custom/mine", "my own\n");
                fixture.write(".git/atk/backups/zz/lib/gone", "gone\n");
                let link = fixture.root().join(".git/atk/backups/zz/link");
                std::os::unix::fs::symlink("lib", link).unwrap();
            }
            Script::Upgrade | Script::Remove => {
                fixture.locked(add).unwrap();
                fixture.write("plugins/xx/custom/mine", "my own\n");
                fixture.write("plugins/xx/venv/lib", "installed\n");
                fixture.write("plugins/xx/run.sh", "edited by the user\n");
            }
        }
    }

    /// Runs the transaction.
    pub(super) fn run(self, locked: &LockedHome<'_>) -> Result<()> {
        match self {
            Script::Add | Script::AddOver | Script::HookedAdd => add(locked),
            Script::Upgrade => upgrade(locked),
            Script::Remove => remove(locked),
            Script::FailedAdd => failed_add(locked),
            Script::EachKind => each_kind(locked),
        }
    }
}

fn path(path: &str) -> HomePath {
    HomePath::new(path).unwrap()
}

fn stage(dir: &Path, files: &[(&str, &str)]) -> Result<()> {
    let written = files.iter().try_for_each(|(name, text)| {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap())?;
        std::fs::write(path, text)
    });
    written.map_err(|error| Error::io("cannot stage in", dir, error))
}

fn receipt(pin: &str, files: &[&str]) -> Receipt {
    Receipt {
        pin: Some(Pin::new(&pin.repeat(40)).unwrap()),
        tree: Some("c".repeat(40)),
        files: files
            .iter()
            .map(|file| ReceiptFile {
                path: (*file).to_owned(),
                kind: FileKind::File,
                blob: "d".repeat(40),
            })
            .collect(),
    }
}

fn put_files<'l>(locked: &'l LockedHome<'l>) -> Result<Transaction<'l>> {
    let staging = locked.staging()?;
    stage(
        staging.path(),
        &[
            ("plugin.yaml", "name: x\n"),
            ("run.sh", "one\n"),
            ("lib/a.py", "a\n"),
            ("lib/b.py", "b\n"),
            ("docs", "a file\n"),
            (".atk-ref", &format!("{}\n", "a".repeat(40))),
        ],
    )?;
    std::os::unix::fs::symlink("run.sh", staging.path().join("link"))
        .map_err(|error| Error::io("cannot stage in", staging.path(), error))?;
    let mut transaction = Transaction::begin(locked, "add", Some(&x()))?;
    transaction.place_plugin(staging.path(), &x())?;
    transaction.write(&HomePath::env(&x()), b"KEY=new\n", Access::Private)?;
    transaction.write_receipt(&x(), &receipt("a", &["plugin.yaml", "run.sh"]))?;
    // What an install command makes.
    let dir = locked.home().plugin_dir(&x());
    stage(&dir, &[("made/by/install", "1\n")])?;
    let gitignore = format!("!plugins/xx/\n{GITIGNORE}");
    transaction.write(&HomePath::gitignore(), gitignore.as_bytes(), Access::Shared)?;
    let manifest = format!("{MANIFEST}# xx\n");
    transaction.write(&HomePath::manifest(), manifest.as_bytes(), Access::Shared)?;
    Ok(transaction)
}

fn add(locked: &LockedHome<'_>) -> Result<()> {
    commit(put_files(locked)?, "Add plugin 'x'")
}

fn failed_add(locked: &LockedHome<'_>) -> Result<()> {
    put_files(locked)?.rollback()
}

fn upgrade(locked: &LockedHome<'_>) -> Result<()> {
    let staging = locked.staging()?;
    let dir = staging.path();
    stage(
        dir,
        &[
            ("run.sh", "two\n"),
            ("docs/index", "now a directory\n"),
            ("lib", "now a file\n"),
            ("new/deep/file", "new\n"),
        ],
    )?;
    let x = x();
    let mut transaction = Transaction::begin(locked, "upgrade", Some(&x))?;
    transaction.back_up(&x, &[path("plugins/xx/run.sh")])?;
    let paths = [
        "plugins/xx/lib/a.py",
        "plugins/xx/lib/b.py",
        "plugins/xx/lib",
        "plugins/xx/docs",
        "plugins/xx/docs/index",
        "plugins/xx/run.sh",
        "plugins/xx/link",
        "plugins/xx/new",
    ]
    .map(path);
    let [a, b, lib, docs, index, run, link, new] = &paths;
    transaction.apply(&[
        Change::Remove { path: a },
        Change::Remove { path: b },
        Change::RemoveEmptyDir { path: lib },
        Change::Place {
            staged: &dir.join("lib"),
            path: lib,
        },
        Change::Remove { path: docs },
        Change::MakeDir { path: docs },
        Change::Place {
            staged: &dir.join("docs/index"),
            path: index,
        },
        Change::Replace {
            staged: &dir.join("run.sh"),
            path: run,
        },
        Change::Remove { path: link },
        Change::Place {
            staged: &dir.join("new"),
            path: new,
        },
    ])?;
    let stamp = format!("{}\n", "b".repeat(40));
    transaction.write(&HomePath::stamp(&x), stamp.as_bytes(), Access::Shared)?;
    transaction.write_receipt(&x, &receipt("b", &["plugin.yaml", "lib"]))?;
    transaction.write(&HomePath::manifest(), b"upgraded\n", Access::Shared)?;
    commit(transaction, "Upgrade plugin 'x'")
}

fn each_kind(locked: &LockedHome<'_>) -> Result<()> {
    let staging = locked.staging()?;
    let dir = staging.path();
    stage(dir, &[("plugin/run.sh", "one\n"), ("link", "now a file\n")])?;
    let mut transaction = Transaction::begin(locked, "test", Some(&x()))?;
    transaction.place_plugin(&dir.join("plugin"), &x())?;
    let paths = [
        ".git/atk/backups/zz/lib/gone",
        ".git/atk/backups/zz/lib",
        ".git/atk/backups/zz/made",
        ".git/atk/backups/zz/link",
        "manifest.yaml",
    ]
    .map(path);
    let [gone, lib, made, link, manifest] = &paths;
    transaction.apply(&[
        Change::Remove { path: gone },
        Change::RemoveEmptyDir { path: lib },
        Change::MakeDir { path: made },
        Change::Replace {
            staged: &dir.join("link"),
            path: link,
        },
        Change::Write {
            path: manifest,
            bytes: b"new\n",
            access: Access::Shared,
        },
    ])?;
    commit(transaction, "Test")
}

fn remove(locked: &LockedHome<'_>) -> Result<()> {
    let x = x();
    let mut transaction = Transaction::begin(locked, "remove", Some(&x))?;
    transaction.keep(&x, &["venv".into(), "custom".into()], &[])?;
    transaction.remove(&HomePath::plugin(&x))?;
    transaction.remove_receipt(&x)?;
    transaction.write(&HomePath::gitignore(), GITIGNORE.as_bytes(), Access::Shared)?;
    transaction.write(&HomePath::manifest(), MANIFEST.as_bytes(), Access::Shared)?;
    commit(transaction, "Remove plugin 'x'")
}

fn commit(transaction: Transaction<'_>, message: &str) -> Result<()> {
    let plan = CommitPlan {
        message,
        paths: &[
            HomePath::manifest(),
            HomePath::gitignore(),
            HomePath::plugin(&x()),
        ],
        auto_commit: true,
    };
    match transaction.commit(&plan) {
        Ok(committed) => match committed.commit {
            Some(_) => Ok(()),
            None => Err(Error::new(ErrorKind::Internal, "nothing was committed")),
        },
        Err(failed) => {
            failed.transaction.rollback()?;
            Err(failed.error)
        }
    }
}
