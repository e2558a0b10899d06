//! Which files of a plugin a newer version replaces, as data, before anything changes.
//!
//! The receipt says which files are ATK's. What is not in it was made by the user or by the
//! plugin's own commands (an environment, a data directory, a log), and stays. A file that is as
//! it should be is not even touched.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{StagedFile, StagedTree};
use crate::fetching::object::{EntryKind, ObjectId};
use crate::home::{
    Change, FileKind, HomeDir, HomePath, PathState, Receipt, ReceiptFile, Transaction,
};
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::outcome::FileChanges;

/// The files that ATK put into a plugin directory, by path.
pub(crate) type Managed = BTreeMap<String, (FileKind, ObjectId)>;

/// What is to be done to the files of a plugin directory.
#[derive(Debug)]
pub(crate) struct Replacement {
    plugin: PluginDir,
    pub(crate) files: FileChanges,
    steps: Vec<PathStep>,
    /// What is copied to the backups first.
    kept: BTreeSet<HomePath>,
}

/// A change of one path below the home. Removals come before what takes their place.
#[derive(Debug, PartialEq, Eq)]
enum PathStep {
    Remove(HomePath),
    /// A directory of ours that may have become empty.
    RemoveEmpty(HomePath),
    MakeDir(HomePath),
    Place(PathBuf, HomePath),
    Replace(PathBuf, HomePath),
}

/// The managed files of a receipt; `None` if it cannot be used.
pub(crate) fn of_receipt(receipt: &Receipt) -> Option<Managed> {
    let file = |file: &ReceiptFile| {
        let id = ObjectId::parse(&file.blob)?;
        Some((file.path.clone(), (file.kind, id)))
    };
    receipt.files.iter().map(file).collect()
}

/// The managed files of a tree.
pub(crate) fn of_files(files: &[StagedFile]) -> Managed {
    files
        .iter()
        .map(|file| (file.path.to_string(), (kind(file.kind), file.id)))
        .collect()
}

/// The kind by which a receipt lists a file.
pub(crate) fn kind(kind: EntryKind) -> FileKind {
    match kind {
        EntryKind::Executable => FileKind::Executable,
        EntryKind::Link => FileKind::Link,
        EntryKind::File | EntryKind::Tree | EntryKind::Submodule => FileKind::File,
    }
}

impl Replacement {
    /// Compares what is on the disk, what was put there (`old`; `None` if that is unknown, and then
    /// nothing is deleted) and the new files.
    pub(crate) fn plan(
        home: &HomeDir,
        plugin: &PluginDir,
        old: Option<&Managed>,
        new: &StagedTree,
    ) -> Result<Self> {
        let mut planner = ReplacementPlanner::new(home, plugin, old, of_files(&new.files));
        planner.remove_old()?;
        planner.put_new(&new.dir)?;
        Ok(planner.done)
    }

    /// Makes the changes. Returns where the bytes are kept that the user had edited.
    pub(crate) fn carry_out(&self, transaction: &mut Transaction<'_>) -> Result<Option<PathBuf>> {
        let backup = match self.kept.is_empty() {
            true => None,
            false => {
                let kept: Vec<HomePath> = self.kept.iter().cloned().collect();
                Some(transaction.back_up(&self.plugin, &kept)?)
            }
        };
        let changes: Vec<Change<'_>> = self
            .steps
            .iter()
            .map(|step| match step {
                PathStep::Remove(path) => Change::Remove { path },
                PathStep::RemoveEmpty(path) => Change::RemoveEmptyDir { path },
                PathStep::MakeDir(path) => Change::MakeDir { path },
                PathStep::Place(staged, path) => Change::Place { staged, path },
                PathStep::Replace(staged, path) => Change::Replace { staged, path },
            })
            .collect();
        if !changes.is_empty() {
            transaction.apply(&changes)?;
        }
        Ok(backup)
    }
}

/// What lies in a home, as far as a plan asks.
trait Disk {
    fn root(&self) -> &Path;
    fn look(&self, path: &HomePath) -> Result<PathState>;
    fn names(&self, dir: &HomePath) -> Result<Vec<OsString>>;
}

impl Disk for HomeDir {
    fn root(&self) -> &Path {
        HomeDir::root(self)
    }

    fn look(&self, path: &HomePath) -> Result<PathState> {
        HomeDir::look(self, path)
    }

    fn names(&self, dir: &HomePath) -> Result<Vec<OsString>> {
        Ok(HomeDir::names(self, dir)?.unwrap_or_default())
    }
}

struct ReplacementPlanner<'p> {
    disk: &'p dyn Disk,
    base: HomePath,
    old: Option<&'p Managed>,
    new: Managed,
    /// What goes, files and whole directories.
    gone: BTreeSet<HomePath>,
    /// Directories that stay or are made.
    stand: BTreeSet<HomePath>,
    done: Replacement,
}

impl<'p> ReplacementPlanner<'p> {
    fn new(
        disk: &'p dyn Disk,
        plugin: &PluginDir,
        old: Option<&'p Managed>,
        new: Managed,
    ) -> ReplacementPlanner<'p> {
        ReplacementPlanner {
            disk,
            base: HomePath::plugin(plugin),
            old,
            new,
            gone: BTreeSet::new(),
            stand: BTreeSet::new(),
            done: Replacement {
                plugin: plugin.clone(),
                files: FileChanges::default(),
                steps: Vec::new(),
                kept: BTreeSet::new(),
            },
        }
    }

    /// Takes away what was ATK's and is not of the new version, and the directories that this
    /// leaves empty.
    fn remove_old(&mut self) -> Result<()> {
        let mut parents = BTreeSet::new();
        for (path, was) in self.old.into_iter().flatten() {
            if self.new.contains_key(path) || is_users(path) {
                continue;
            }
            let at = self.base.join(path)?;
            if let PathState::Content(kind, id) = self.disk.look(&at)? {
                self.keep_if((kind, id) != *was, path, &at);
                self.done.files.removed.push(path.clone());
                parents.extend(self.above(&at));
                self.remove(at);
            }
        }
        // The deepest first. Whether they are empty is found out when their turn comes.
        for parent in parents.into_iter().rev() {
            if !self.holds_new(&parent) {
                self.done.steps.push(PathStep::RemoveEmpty(parent.clone()));
                self.gone.insert(parent);
            }
        }
        Ok(())
    }

    fn put_new(&mut self, staged: &Path) -> Result<()> {
        for (path, is) in std::mem::take(&mut self.new) {
            let at = self.base.join(&path)?;
            let from = staged.join(&path);
            match self.disk.look(&at)? {
                PathState::Content(kind, id) if (kind, id) == is => {}
                PathState::Content(kind, id) => {
                    let was = self.old.and_then(|old| old.get(&path));
                    self.keep_if(was != Some(&(kind, id)), &path, &at);
                    self.done.files.changed.push(path);
                    self.done.steps.push(PathStep::Replace(from, at));
                }
                PathState::Nothing => {
                    self.make_way(&at)?;
                    self.done.files.added.push(path);
                    self.done.steps.push(PathStep::Place(from, at));
                }
                PathState::Directory | PathState::Other => {
                    self.clear(&at)?;
                    self.done.files.added.push(path);
                    self.done.steps.push(PathStep::Place(from, at));
                }
            }
        }
        Ok(())
    }

    /// Makes the directories above a path, where they are not; a file in the place of one goes.
    fn make_way(&mut self, at: &HomePath) -> Result<()> {
        let mut above = self.above(at);
        above.reverse();
        for dir in [HomePath::plugins(), self.base.clone()]
            .into_iter()
            .chain(above)
        {
            if self.stand.contains(&dir) {
                continue;
            }
            let gone = dir.and_above().any(|above| self.gone.contains(&above));
            match self.disk.look(&dir)? {
                PathState::Directory if !gone => {
                    self.stand.insert(dir);
                    continue;
                }
                PathState::Directory | PathState::Nothing => {}
                PathState::Content(..) if gone => {}
                PathState::Content(..) => {
                    let shown = self.relative(&dir);
                    self.keep_if(true, &shown, &dir);
                    self.remove(dir.clone());
                }
                PathState::Other => return Err(self.in_the_way(&dir)),
            }
            self.done.steps.push(PathStep::MakeDir(dir.clone()));
            self.stand.insert(dir);
        }
        Ok(())
    }

    /// Takes away what stands where a file goes. What is not ATK's there is kept first.
    fn clear(&mut self, at: &HomePath) -> Result<()> {
        if self.disk.look(at)? == PathState::Other {
            return Err(self.in_the_way(at));
        }
        self.keep_all(at)?;
        // One step for the whole directory instead of one for each file in it.
        let within = |path: &HomePath| is_within(path, at);
        self.done.steps.retain(|step| match step {
            PathStep::Remove(path) | PathStep::RemoveEmpty(path) => !within(path),
            PathStep::MakeDir(_) | PathStep::Place(..) | PathStep::Replace(..) => true,
        });
        self.remove(at.clone());
        Ok(())
    }

    fn keep_all(&mut self, dir: &HomePath) -> Result<()> {
        for name in self.disk.names(dir)? {
            let at = dir.join(&name)?;
            let path = self.relative(&at);
            match self.disk.look(&at)? {
                PathState::Nothing => {}
                PathState::Directory => self.keep_all(&at)?,
                PathState::Other => return Err(self.in_the_way(&at)),
                PathState::Content(kind, id) => {
                    let was = self.old.and_then(|old| old.get(&path));
                    self.keep_if(was != Some(&(kind, id)), &path, &at);
                }
            }
        }
        Ok(())
    }

    /// Has a file kept in the backups, if it is not as ATK put it there.
    fn keep_if(&mut self, edited: bool, path: &str, at: &HomePath) {
        if edited && self.done.kept.insert(at.clone()) {
            let edited = &mut self.done.files.edited;
            let place = edited.partition_point(|other| other.as_str() < path);
            edited.insert(place, path.to_owned());
        }
    }

    fn remove(&mut self, at: HomePath) {
        self.gone.insert(at.clone());
        self.done.steps.push(PathStep::Remove(at));
    }

    /// The directories above a path, within the plugin's, the nearest first.
    fn above(&self, at: &HomePath) -> Vec<HomePath> {
        let above = at.and_above().skip(1);
        above.take_while(|dir| *dir != self.base).collect()
    }

    fn holds_new(&self, dir: &HomePath) -> bool {
        let inside = format!("{}/", self.relative(dir));
        let mut from = self.new.range(inside.clone()..);
        from.next()
            .is_some_and(|(path, _)| path.starts_with(&inside))
    }

    fn relative(&self, at: &HomePath) -> String {
        let inner = at.as_path().strip_prefix(self.base.as_path());
        inner.unwrap_or(at.as_path()).to_string_lossy().into_owned()
    }

    fn in_the_way(&self, at: &HomePath) -> Error {
        Error::new(
            ErrorKind::DirectoryOccupied,
            format!("`{at}` is in the way of the plugin's new files, and is neither a file nor a directory"),
        )
        .with_plugin(self.done.plugin.as_str())
        .with_path(self.disk.root().join(at.as_path()))
        .with_help("move it away")
    }
}

fn is_within(path: &HomePath, dir: &HomePath) -> bool {
    path.as_path().starts_with(dir.as_path())
}

/// True for what belongs to the user, whatever a receipt says.
fn is_users(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    first == owned::CUSTOM || path == owned::ANSWERS
}

#[cfg(test)]
mod tests;
