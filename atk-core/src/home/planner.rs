//! From changes to records: what is to be done, and whether it may be.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::change::{Access, Change};
use super::dir::permissions;
use super::identity::Identity;
use super::locked::LockedHome;
use super::path::HomePath;
use super::record::Record;
use super::rules;
use super::scratch::Scratch;
use crate::error::{Error, ErrorKind, Result};

/// The records of a batch, in the order in which they are carried out.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// What takes away comes first, so that a file can make room for a directory.
    pub(super) removals: Vec<Record>,
    pub(super) creations: Vec<Record>,
    /// True if something comes from staging, and has to be synced first.
    pub(super) staged: bool,
}

impl Batch {
    pub(super) fn records(&self) -> Vec<Record> {
        self.removals
            .iter()
            .chain(&self.creations)
            .cloned()
            .collect()
    }
}

/// Makes records of changes. Nothing is changed yet, but new contents are written to `temp`.
pub(super) struct Planner<'p> {
    locked: &'p LockedHome<'p>,
    next: &'p mut u64,
    batch: Batch,
    gone: BTreeSet<HomePath>,
    put: BTreeSet<HomePath>,
}

impl<'p> Planner<'p> {
    pub(super) fn new(locked: &'p LockedHome<'p>, next: &'p mut u64) -> Self {
        Planner {
            locked,
            next,
            batch: Batch::default(),
            gone: BTreeSet::new(),
            put: BTreeSet::new(),
        }
    }

    pub(super) fn finish(self) -> Batch {
        self.batch
    }

    pub(super) fn add(&mut self, change: Change<'_>) -> Result<()> {
        match change {
            Change::Write {
                path,
                bytes,
                access,
            } => self.write(path, bytes, access),
            Change::Place { staged, path } => {
                refuse_users(path, true)?;
                let from = self.staged_path(staged)?;
                self.place(from, path)
            }
            Change::Replace { staged, path } => {
                refuse_users(path, true)?;
                self.replace(staged, path)
            }
            Change::MakeDir { path } => {
                self.check_new(path)?;
                self.batch
                    .creations
                    .push(Record::MakeDir { path: path.clone() });
                Ok(())
            }
            Change::Remove { path } => self.remove(path),
            Change::RemoveEmptyDir { path } => self.remove_empty_dir(path),
        }
    }

    fn write(&mut self, path: &HomePath, bytes: &[u8], access: Access) -> Result<()> {
        self.claim_path(path)?;
        let private = access == Access::Private || path.is_env();
        let mut mode = private.then_some(0o600);
        let mut old = None;
        if !self.is_gone(path)
            && let Some(parent) = self.locked.root().parent_of(path)?
            && let Some(file) = parent.open_file(path.name(), OFlags::RDONLY)?
        {
            let metadata = file.metadata().map_err(|error| {
                Error::io("cannot read", &parent.path().join(path.name()), error)
            })?;
            let was = metadata.permissions().mode() & 0o7777;
            let wanted = *mode.get_or_insert(was);
            if wanted == was && parent.read(path.name())?.as_deref() == Some(bytes) {
                return Ok(());
            }
            old = Identity::of(&parent, path.name())?;
        }
        let n = self.number();
        let name = OsString::from(n.to_string());
        self.locked.scratch.temp.write_new(&name, bytes, mode)?;
        let from = Scratch::temp_path(&name);
        self.put(from, path, old, n)
    }

    /// Moves what lies at `from`, a path of the scratch, to where nothing is.
    pub(super) fn place(&mut self, from: HomePath, path: &HomePath) -> Result<()> {
        self.check_new(path)?;
        let n = self.number();
        self.put(from, path, None, n)
    }

    /// Moves a directory of `temp`, once it is on the disk, to where nothing is.
    pub(super) fn place_tree(&mut self, name: &OsStr, path: &HomePath) -> Result<()> {
        self.batch.staged = true;
        self.place(Scratch::temp_path(name), path)
    }

    /// Makes the directories that the path lies in and that are not there.
    pub(super) fn make_parents(&mut self, path: &HomePath) -> Result<()> {
        let above: Vec<_> = path.and_above().skip(1).collect();
        for path in above.into_iter().rev() {
            let planned = self.put.contains(&path);
            if !planned && Identity::at(self.locked.root(), &path)?.is_none() {
                self.put.insert(path.clone());
                self.batch.creations.push(Record::MakeDir { path });
            }
        }
        Ok(())
    }

    /// Copies a file or link to `temp`. Returns where the copy is.
    pub(super) fn copy(&mut self, path: &HomePath) -> Result<HomePath> {
        let name = OsString::from(self.number().to_string());
        let parent = self.locked.root().parent_of(path)?;
        let parent =
            parent.ok_or_else(|| self.refused(path, "cannot be copied: it does not exist"))?;
        let temp = &self.locked.scratch.temp;
        // A second name costs nothing, whatever the size: the file at `path` is replaced by a rename,
        // and never written to. Some file systems have no hard links.
        if parent.link(path.name(), temp, &name).is_err() {
            parent.copy(path.name(), temp, &name)?;
        }
        Ok(Scratch::temp_path(&name))
    }

    fn replace(&mut self, staged: &Path, path: &HomePath) -> Result<()> {
        self.claim_path(path)?;
        let from = self.staged_path(staged)?;
        let old = match self.is_gone(path) {
            true => None,
            false => Identity::at(self.locked.root(), path)?,
        };
        if old.is_none() {
            return Err(self.refused(path, "cannot be replaced: it does not exist"));
        }
        let n = self.number();
        self.put(from, path, old, n)
    }

    fn put(
        &mut self,
        from: HomePath,
        path: &HomePath,
        old: Option<Identity>,
        n: u64,
    ) -> Result<()> {
        let new = Identity::at(self.locked.root(), &from)?
            .ok_or_else(|| self.refused(&from, "cannot be moved into place: it does not exist"))?;
        self.batch.creations.push(Record::Put {
            path: path.clone(),
            n,
            from,
            new,
            old,
            swap: new.is_file() && old.is_some_and(Identity::is_file),
        });
        Ok(())
    }

    fn remove(&mut self, path: &HomePath) -> Result<()> {
        refuse_users(path, false)?;
        self.claim_path(path)?;
        if self.is_gone(path) || Identity::at(self.locked.root(), path)?.is_none() {
            return Err(self.refused(path, "cannot be removed: it does not exist"));
        }
        let n = self.number();
        self.gone.insert(path.clone());
        self.put.remove(path);
        self.batch.removals.push(Record::Remove {
            path: path.clone(),
            n,
        });
        Ok(())
    }

    /// Whether the directory is empty is found out when its turn comes.
    fn remove_empty_dir(&mut self, path: &HomePath) -> Result<()> {
        refuse_users(path, false)?;
        self.claim_path(path)?;
        let Some(parent) = self.locked.root().parent_of(path)? else {
            return Ok(());
        };
        let Some(stat) = parent.stat(path.name())? else {
            return Ok(());
        };
        if !Identity::new(&stat).is_dir() {
            return Err(self.refused(path, "is not a directory"));
        }
        self.put.remove(path);
        self.gone.insert(path.clone());
        self.batch.removals.push(Record::RemoveDir {
            path: path.clone(),
            mode: permissions(&stat),
        });
        Ok(())
    }

    /// Checks that nothing is at the path, or will be when the removals are done.
    fn check_new(&mut self, path: &HomePath) -> Result<()> {
        self.claim_path(path)?;
        if !self.is_gone(path) && Identity::at(self.locked.root(), path)?.is_some() {
            return Err(self.refused(path, "already exists"));
        }
        Ok(())
    }

    /// True if an earlier removal of the batch takes the path away, or what it lies in.
    fn is_gone(&self, path: &HomePath) -> bool {
        path.and_above().any(|path| self.gone.contains(&path))
    }

    /// Refuses paths that no transaction may change, and a second change of one path in a batch.
    fn claim_path(&mut self, path: &HomePath) -> Result<()> {
        if !rules::may_change(path) {
            return Err(self.refused(path, "must not be changed by ATK"));
        }
        if !self.put.insert(path.clone()) {
            return Err(self.refused(path, "is changed twice in one transaction"));
        }
        Ok(())
    }

    /// Where a staged path lies in the home.
    pub(super) fn staged_path(&mut self, staged: &Path) -> Result<HomePath> {
        let scratch = self.locked.scratch.dir.path();
        let staging = Scratch::staging_path();
        let path = staged
            .strip_prefix(scratch)
            .ok()
            .and_then(|path| HomePath::scratch().join(path).ok());
        match path {
            Some(path) if path.as_path().starts_with(staging.as_path()) => {
                self.batch.staged = true;
                Ok(path)
            }
            _ => Err(Error::new(
                ErrorKind::Internal,
                format!("`{}` is not staged", staged.display()),
            )),
        }
    }

    pub(super) fn number(&mut self) -> u64 {
        *self.next += 1;
        *self.next
    }

    fn refused(&self, path: &HomePath, why: &str) -> Error {
        Error::new(ErrorKind::Internal, format!("`{path}` {why}"))
            .with_path(self.locked.root().at(path))
    }

    /// Adds a record that is no change of a single path.
    pub(super) fn push(&mut self, record: Record) {
        self.batch.creations.push(record);
    }
}

/// What the user owns is written or left alone, and goes only with the whole plugin directory; a
/// whole plugin directory comes only as [`Record::Plugin`], which knows that.
fn refuse_users(path: &HomePath, plugins: bool) -> Result<()> {
    if path.is_users() || plugins && path.is_plugin() {
        return Err(Error::new(
            ErrorKind::Internal,
            format!("`{path}` belongs to the user"),
        ));
    }
    Ok(())
}
