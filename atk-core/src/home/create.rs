//! Making a new home.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::Stat;

use super::change::{Access, Change};
use super::commit::CommitPlan;
use super::dir::Dir;
use super::lock::{Lock, LockWait};
use super::locked::Locked;
use super::path::HomePath;
use super::scratch::Scratch;
use super::transaction::Transaction;
use super::{Checkpoint, Home};
use crate::error::{Error, ErrorKind, Result};
use crate::git::repository::{GitAccess, Repository};
use crate::host::Scope;

/// The first content of a home.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewHome<'a> {
    pub(crate) manifest: &'a str,
    pub(crate) gitignore: &'a str,
}

/// Makes a home at `root`, an absolute path that need not exist: repository, `plugins/`,
/// `.gitignore`, `manifest.yaml`, and the first commit. False where it is a home already; then
/// nothing is done.
///
/// An interrupted creation leaves at most a git directory with ATK's scratch in it, and no commit;
/// the next one takes it over.
///
/// # Errors
/// [`ErrorKind::HomeOccupied`] where the directory holds other things; nothing is touched then.
pub(crate) fn create(
    root: &Path,
    content: NewHome<'_>,
    access: &GitAccess,
    checkpoint: Option<Checkpoint>,
    wait: LockWait,
    scope: Scope<'_>,
) -> Result<bool> {
    let made = make_directories(root)?;
    let created = create_in(root, content, access, checkpoint, wait, scope);
    if created.is_err() {
        // Only what is empty goes.
        for dir in made.iter().rev() {
            let _ = std::fs::remove_dir(dir);
        }
    }
    created
}

fn create_in(
    root: &Path,
    content: NewHome<'_>,
    access: &GitAccess,
    checkpoint: Option<Checkpoint>,
    wait: LockWait,
    scope: Scope<'_>,
) -> Result<bool> {
    let resolved = root
        .canonicalize()
        .map_err(|error| Error::io("cannot open", root, error))?;
    let dir = Dir::open(&resolved)?;
    let git = OsStr::new(".git");
    let settled = || scratch_entry(&dir, "transaction").map(|found| found.is_none());
    if settled()? && Home::open(&resolved, access, None).is_ok() && settled()? {
        return Ok(false);
    }
    check_free_or_busy(&dir, access)?;
    let fresh = !dir.exists(git)?;
    let home = Home::unchecked(dir.duplicate()?, access, checkpoint)?;
    let home = Home {
        // Where the git directory will be.
        scratch: HomePath::new(".git/atk")?,
        ..home
    };
    home.steps.at("make-scratch");
    let scratch = Scratch::open(&dir, home.scratch.clone())?;
    let lock = Lock::acquire(&scratch.dir, "init", wait, None, scope)?;
    let created = create_locked(&home, scratch, lock, content, scope);
    if created.is_err() && fresh {
        // It was made by this very call, and its lock is held until here.
        let _ = dir.remove_tree(git);
    }
    created
}

fn create_locked(
    home: &Home,
    scratch: Scratch,
    lock: Lock,
    content: NewHome<'_>,
    scope: Scope<'_>,
) -> Result<bool> {
    home.steps.at("make-repository");
    let root = home.root.path();
    let repository = match Repository::open(root, &home.access) {
        Err(error) if error.kind() == ErrorKind::HomeNotInitialized => {
            check_free(&home.root, &home.access)?;
            Repository::init(root, &home.access)?
        }
        opened => opened?,
    };
    home.steps.at("repository-made");
    let locked = Locked::new(home, scratch, lock, repository, scope)?;
    // Another process may have made it meanwhile; or recovery has just completed it.
    if home.check().is_ok() {
        return Ok(false);
    }
    check_free(&home.root, &home.access)?;
    fill(&locked, content)?;
    home.root.sync()?;
    Ok(true)
}

fn fill(locked: &Locked<'_>, content: NewHome<'_>) -> Result<()> {
    let (plugins, gitignore) = (HomePath::plugins(), HomePath::gitignore());
    let manifest = HomePath::manifest();
    let mut transaction = Transaction::begin(locked, "init", None)?;
    transaction.apply(&[
        Change::MakeDir { path: &plugins },
        Change::Write {
            path: &gitignore,
            bytes: content.gitignore.as_bytes(),
            access: Access::Shared,
        },
        Change::Write {
            path: &manifest,
            bytes: content.manifest.as_bytes(),
            access: Access::Shared,
        },
    ])?;
    let plan = CommitPlan {
        message: "Initialize ATK Home",
        paths: &[gitignore, manifest],
        auto_commit: true,
    };
    match transaction.commit(&plan) {
        Ok(_) => Ok(()),
        Err(failed) => {
            failed.transaction.rollback()?;
            Err(failed.error)
        }
    }
}

/// What is of this name in the scratch, if there is one.
fn scratch_entry(root: &Dir, name: &str) -> Result<Option<Stat>> {
    match root.child(OsStr::new(".git")) {
        Ok(Some(git)) => match git.child(OsStr::new("atk"))? {
            Some(scratch) => scratch.stat(OsStr::new(name)),
            None => Ok(None),
        },
        // A file (a worktree's), or a link: no creation of ours.
        Ok(None) | Err(_) => Ok(None),
    }
}

/// Checks that the directory is free, without touching it. Where ATK has been at work, what is in
/// it can be told only with the lock held.
fn check_free_or_busy(root: &Dir, access: &GitAccess) -> Result<()> {
    for patience in (0..5).rev() {
        if scratch_entry(root, "lock")?.is_some() {
            return Ok(());
        }
        match check_free(root, access) {
            // Another process may have made the git directory, and be about to make the lock.
            Err(_) if patience > 0 && root.exists(OsStr::new(".git"))? => {
                std::thread::sleep(Duration::from_millis(10));
            }
            checked => return checked,
        }
    }
    Ok(())
}

/// Checks that the directory is empty, but for what an interrupted creation may have left.
fn check_free(root: &Dir, access: &GitAccess) -> Result<()> {
    let names = root.names()?;
    let free = match names.as_slice() {
        [] => true,
        [git] if git == ".git" => {
            let ours = matches!(root.child(git), Ok(Some(dir)) if dir.exists(OsStr::new("atk"))?);
            ours && match Repository::open(root.path(), access) {
                Ok(repository) => repository.head()?.is_none(),
                Err(error) => error.kind() == ErrorKind::HomeNotInitialized,
            }
        }
        _ => false,
    };
    if free {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::HomeOccupied,
        format!(
            "`{}` is no home and is not empty",
            crate::text::escape(&root.path().to_string_lossy())
        ),
    )
    .with_path(root.path()))
}

/// Makes a directory with those above it. Returns the ones that were not there, the uppermost
/// first.
fn make_directories(path: &Path) -> Result<Vec<PathBuf>> {
    let missing: Vec<_> = path
        .ancestors()
        .take_while(|dir| !dir.as_os_str().is_empty() && dir.symlink_metadata().is_err())
        .map(Path::to_owned)
        .collect();
    std::fs::create_dir_all(path).map_err(|error| match path.symlink_metadata() {
        Ok(found) if !found.is_dir() => Error::new(
            ErrorKind::HomeOccupied,
            format!(
                "`{}` is no directory",
                crate::text::escape(&path.to_string_lossy())
            ),
        )
        .with_path(path),
        _ => Error::io("cannot create", path, error),
    })?;
    Ok(missing.into_iter().rev().collect())
}
