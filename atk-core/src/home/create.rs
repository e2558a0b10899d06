//! Creating a home.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::change::{Access, Change};
use super::commit::CommitPlan;
use super::dir::Dir;
use super::lock::{Lock, LockWait};
use super::locked::LockedHome;
use super::path::HomePath;
use super::root::Root;
use super::scratch::Scratch;
use super::transaction::Transaction;
use super::turn::CreationLock;
use super::{Checkpoint, HomeDir, build, no_repository};
use crate::error::{Error, ErrorKind, Result};
use crate::host::Scope;
use crate::repository::{GitAccess, Repository};

/// The first content of a home.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewHome<'a> {
    /// None if the directory has a manifest, which becomes a home's.
    pub(crate) manifest: Option<&'a str>,
    pub(crate) gitignore: &'a [u8],
}

/// What lies in a directory that a home is to be made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ExistingFiles {
    pub(crate) manifest: Option<String>,
    pub(crate) gitignore: Option<Vec<u8>>,
}

/// Reads the manifest of a directory that is no git repository.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`] if one of the files is a link, or the manifest is not UTF-8.
pub(crate) fn find(root: &Path) -> Result<ExistingFiles> {
    let Ok(resolved) = root.canonicalize() else {
        return Ok(ExistingFiles::default());
    };
    let dir = Dir::open(&resolved)?;
    let Some(manifest) = dir.read(OsStr::new("manifest.yaml"))? else {
        return Ok(ExistingFiles::default());
    };
    let path = resolved.join("manifest.yaml");
    Ok(ExistingFiles {
        manifest: Some(super::text_of_manifest(manifest, path)?),
        gitignore: dir.read(OsStr::new(".gitignore"))?,
    })
}

/// Makes a home at `root`, an absolute path that need not exist: repository, `plugins/`,
/// `.gitignore`, `manifest.yaml`, and the first commit. Returns false if it is a home already; then
/// nothing is done.
///
/// A creation that was interrupted anywhere is completed by the next one.
///
/// # Errors
/// [`ErrorKind::HomeOccupied`] if the directory holds other things; nothing is touched then.
/// [`ErrorKind::HomeNotInitialized`] if it has a manifest, but is no git repository.
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
    let root = Root::open(&resolved)?;
    let settled = || Ok::<_, Error>(!root.has_journal()?);
    if settled()?
        && let Ok(home) = HomeDir::open(&resolved, access, None)
        && settled()?
        && (content.manifest.is_some() || home.open_repository()?.head()?.is_some())
    {
        return Ok(false);
    }
    let creation = Creation {
        home: HomeDir::unchecked(root, access, checkpoint),
        content,
        wait,
        scope,
    };
    creation.run()
}

/// A creation that is under way.
struct Creation<'c> {
    home: HomeDir,
    content: NewHome<'c>,
    wait: LockWait,
    scope: Scope<'c>,
}

impl Creation<'_> {
    fn run(&self) -> Result<bool> {
        let root = &self.home.root;
        self.home.steps.at("take-turn");
        // Changes nothing. Without it the look at what is there would meet half of another creation.
        let _turn = CreationLock::take(root, self.wait, self.scope)?;
        self.check_free()?;
        self.home.steps.at("sweep-sites");
        build::sweep(root)?;
        if build::is_half_made(root)? && Repository::open(root.path(), &self.home.access).is_err() {
            build::discard(root)?;
        }
        let built = match root.exists(build::git())? {
            true => None,
            false => build::build(&self.home, self.wait, self.scope)?,
        };
        let fresh = built.is_some();
        let created = self.fill(built);
        if created.is_err() && fresh {
            // It was made by this very call, and others wait for the turn.
            let _ = build::discard(root);
        }
        created
    }

    /// Fills a repository, with its lock held.
    fn fill(&self, lock: Option<Lock>) -> Result<bool> {
        let home = &self.home;
        let scratch = Scratch::open(&home.root)?;
        let lock = match lock {
            Some(lock) => lock,
            None => Lock::acquire(&scratch.dir, "init", self.wait, None, self.scope)?,
        };
        let repository = Repository::open(home.root.path(), &home.access)?;
        let locked = LockedHome::new(home, scratch, (lock, self.wait), repository, self.scope)?;
        // Another process may have made it meanwhile; or recovery has just completed it.
        let adopts = self.content.manifest.is_none();
        let has_commit = locked.repository.head()?.is_some();
        if home.check().is_ok() && (has_commit || !adopts) {
            return Ok(false);
        }
        self.check_free()?;
        if !adopts {
            // Who makes an empty home trusts what comes into it. A manifest that is adopted may be
            // a stranger's.
            home.mark_trusted()?;
        }
        fill(&locked, self.content)?;
        home.root.sync()?;
        Ok(true)
    }

    /// Checks, without touching it, that the directory is empty but for what this creation may use
    /// and what an interrupted one may have left.
    fn check_free(&self) -> Result<()> {
        let root = &self.home.root;
        let adopts = self.content.manifest.is_none();
        if root.has_journal()? || self.home.check().is_ok() {
            // Only with the lock held can it be said what is there.
            return Ok(());
        }
        let names = root.names()?;
        let mut others = names.iter().filter(|name| !build::is_site(name));
        let free = match (adopts, root.exists(build::git())?) {
            // The manifest is the user's, and so is everything beside it.
            (true, false) => true,
            (_, true) => others.all(|name| name == build::git()) && self.is_unborn()?,
            (false, false) => others.next().is_none(),
        };
        if free {
            return Ok(());
        }
        if root.exists(OsStr::new("manifest.yaml"))? && !root.exists(build::git())? {
            return Err(no_repository(root.path()));
        }
        Err(Error::new(
            ErrorKind::HomeOccupied,
            format!(
                "`{}` is not a home and is not empty",
                crate::text::escape(&root.path().to_string_lossy())
            ),
        )
        .with_path(root.path()))
    }

    /// True if the repository is of an interrupted creation: with ATK's scratch, without a commit.
    fn is_unborn(&self) -> Result<bool> {
        let root = &self.home.root;
        let ours =
            matches!(root.child(build::git()), Ok(Some(git)) if git.exists(OsStr::new("atk"))?);
        if !ours {
            return Ok(false);
        }
        match Repository::open(root.path(), &self.home.access) {
            Ok(repository) => Ok(repository.head()?.is_none()),
            Err(_) => build::is_half_made(root),
        }
    }
}

fn fill(locked: &LockedHome<'_>, content: NewHome<'_>) -> Result<()> {
    let (plugins, gitignore) = (HomePath::plugins(), HomePath::gitignore());
    let manifest = HomePath::manifest();
    let mut changes = Vec::new();
    if !locked.home().exists(&plugins)? {
        changes.push(Change::MakeDir { path: &plugins });
    }
    changes.push(Change::Write {
        path: &gitignore,
        bytes: content.gitignore,
        access: Access::Shared,
    });
    if let Some(text) = content.manifest {
        changes.push(Change::Write {
            path: &manifest,
            bytes: text.as_bytes(),
            access: Access::Shared,
        });
    }
    let mut transaction = Transaction::begin(locked, "init", None)?;
    transaction.apply(&changes)?;
    let mut paths = vec![gitignore.clone(), manifest.clone()];
    if content.manifest.is_none() {
        // What is tracked of the plugins that are there already.
        paths.push(plugins.clone());
    }
    let plan = CommitPlan {
        message: "Initialize ATK Home",
        paths: &paths,
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
                "`{}` is not a directory",
                crate::text::escape(&path.to_string_lossy())
            ),
        )
        .with_path(path),
        _ => Error::io("cannot create", path, error),
    })?;
    Ok(missing.into_iter().rev().collect())
}
