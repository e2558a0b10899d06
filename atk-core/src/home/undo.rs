//! Taking back the change of one record, whatever became of it.

use std::ffi::OsStr;

use rustix::io::Errno;

use super::dir::Dir;
use super::identity::{Identity, tree_identity};
use super::locked::LockedHome;
use super::path::HomePath;
use super::record::{Record, number};
use super::{merge, preserve};
use crate::error::Result;
use crate::model::owned;

/// What undoing needs to know beside the record.
pub(super) struct Undo<'u> {
    pub(super) locked: &'u LockedHome<'u>,
    /// Where entries were set aside.
    pub(super) aside: &'u Dir,
    /// True if the home is a copy of the one that the journal was written in.
    pub(super) copied: bool,
    /// What stays as the transaction wrote it.
    pub(super) keep: &'u [HomePath],
    /// What could not be put back, because it is nowhere any more.
    pub(super) lost: Vec<HomePath>,
}

impl Undo<'_> {
    /// Undoes the change of a record. Doing it twice, or after half of it was done, comes to the
    /// same, as long as the records before it have not been undone.
    pub(super) fn undo(&mut self, record: &Record) -> Result<()> {
        self.locked.at("undo");
        match record {
            Record::MakeDir { path } => {
                if let Some(parent) = self.parent(path)? {
                    // What others put into it stays, and so does the directory then.
                    parent.remove_empty(path.name())?;
                }
                Ok(())
            }
            Record::RemoveDir { path, mode } => self.make_dir(path, *mode),
            Record::Remove { path, n } => self.restore(path, *n),
            Record::Put {
                path,
                n,
                from,
                new,
                old,
                swap,
            } => {
                if self.keep.contains(path) {
                    return Ok(());
                }
                match old {
                    Some(old) if *swap => self.swap_back(path, *n, *new, *old, from),
                    Some(_) => {
                        self.take(path, *new, from, true)?;
                        self.restore(path, *n)
                    }
                    None => self.take(path, *new, from, false),
                }
            }
            Record::Plugin {
                path,
                from,
                custom,
                env,
            } => self.clear_plugin(path, from.as_ref(), *custom, *env),
            // Only cut off: nothing was changed.
            Record::Commit { .. } | Record::Git { .. } => Ok(()),
        }
    }

    /// Takes away what the transaction put at `path`, where nothing was (or where `restoring`
    /// will put something back).
    fn take(&self, path: &HomePath, new: Identity, from: &HomePath, restoring: bool) -> Result<()> {
        let Some(parent) = self.parent(path)? else {
            return Ok(());
        };
        match Identity::of(&parent, path.name())? {
            None => Ok(()),
            Some(found) if self.was_put(found, new, from)? => {
                self.locked.at("undo-discard");
                self.locked.scratch.discard(&parent, path.name())
            }
            // What replaces something is dealt with where that is put back.
            Some(_) if restoring => Ok(()),
            // Still staged: what is here came from elsewhere.
            Some(_) if self.is_staged(new, from)? => Ok(()),
            Some(_) if path.is_users() => Ok(()),
            Some(_) => preserve::preserve(self.locked, &parent, path.name(), path),
        }
    }

    /// True if what is found at a path is what the transaction put there. In a copied home inodes
    /// tell nothing: that the source is gone is the proof.
    fn was_put(&self, found: Identity, new: Identity, from: &HomePath) -> Result<bool> {
        if !self.copied {
            return Ok(found == new);
        }
        Ok(found.is_copy_of(new) && Identity::at(self.locked.root(), from)?.is_none())
    }

    /// True if what the transaction was to put in place still lies where it was prepared.
    fn is_staged(&self, new: Identity, from: &HomePath) -> Result<bool> {
        let staged = Identity::at(self.locked.root(), from)?;
        Ok(staged.is_some_and(|staged| staged == new || self.copied))
    }

    /// True if what is found is an entry of before.
    fn is_old(&self, found: Identity, old: Identity) -> bool {
        found == old || self.copied && found.is_copy_of(old)
    }

    /// Puts back what was set aside by a rename.
    fn restore(&mut self, path: &HomePath, n: u64) -> Result<()> {
        let aside = self.aside;
        if merge::is_scattered(aside, n)? {
            let parent = self.locked.root().parent_or_new(path)?;
            self.locked.at("undo-restore");
            return merge::merge_back(self.locked, aside, n, &parent, path);
        }
        if !aside.exists(&number(n))? {
            // Never set aside, or back already; or the scratch was emptied.
            let there = match self.parent(path)? {
                Some(parent) => parent.exists(path.name())?,
                None => false,
            };
            if !there {
                self.lost.push(path.clone());
            }
            return Ok(());
        }
        let Ok(parent) = self.locked.root().parent_or_new(path) else {
            // Something else stands where its directory was.
            return preserve::preserve(self.locked, aside, &number(n), path);
        };
        if parent.exists(path.name())? {
            if path.is_users() {
                return preserve::preserve(self.locked, aside, &number(n), path);
            }
            preserve::preserve(self.locked, &parent, path.name(), path)?;
        }
        self.locked.at("undo-restore");
        merge::put_back(self.locked, aside, n, &parent, path)?;
        self.locked.at("undo-restored");
        Ok(())
    }

    /// Puts back a file that was replaced in one step, in one step.
    fn swap_back(
        &mut self,
        path: &HomePath,
        n: u64,
        new: Identity,
        old: Identity,
        from: &HomePath,
    ) -> Result<()> {
        let (aside, name) = (self.aside, number(n));
        let Some(kept) = Identity::of(aside, &name)? else {
            return self.restore(path, n);
        };
        let parent = match self.parent(path)? {
            Some(parent) => parent,
            None => return self.restore(path, n),
        };
        match Identity::of(&parent, path.name())? {
            None => return self.restore(path, n),
            // Not replaced yet. Two names of one file cannot be renamed to one.
            Some(found) if self.is_old(found, old) || found == kept => {
                self.locked.at("undo-unlink");
                return aside.unlink(&name);
            }
            Some(found) if self.was_put(found, new, from)? => {}
            Some(_) if path.is_users() => {
                return preserve::preserve(self.locked, aside, &name, path);
            }
            Some(_) => match preserve::preserve_linked(self.locked, &parent, path.name(), path)? {
                Ok(()) => {}
                Err(Errno::NOENT) => return self.restore(path, n),
                Err(_) => {
                    preserve::preserve(self.locked, &parent, path.name(), path)?;
                    return self.restore(path, n);
                }
            },
        }
        self.locked.at("undo-swap");
        aside.rename_over(&name, &parent, path.name())?;
        self.locked.at("undo-swapped");
        Ok(())
    }

    /// Empties a plugin directory that was the transaction's, except for what is the user's.
    fn clear_plugin(
        &self,
        path: &HomePath,
        from: Option<&(HomePath, Identity)>,
        custom: Option<u64>,
        env: Option<u64>,
    ) -> Result<()> {
        let Some(parent) = self.parent(path)? else {
            return Ok(());
        };
        if let Some((from, new)) = from {
            match Identity::of(&parent, path.name())? {
                Some(found) if self.was_put(found, *new, from)? => {}
                // Not placed, or replaced by another process.
                Some(_) | None => return Ok(()),
            }
        }
        let Some(dir) = parent.child(path.name())? else {
            return Ok(());
        };
        let placed = [
            (OsStr::new(owned::CUSTOM), custom),
            (OsStr::new(owned::ANSWERS), env),
        ];
        let mut stays = from.is_none();
        for (name, identity) in placed {
            let found = tree_identity(&dir, name)?;
            if found.is_some() && found == identity {
                self.locked.at("undo-discard");
                self.locked.scratch.discard(&dir, name)?;
            } else {
                stays |= found.is_some();
            }
        }
        if !stays {
            self.locked.at("undo-discard");
            return self.locked.scratch.discard(&parent, path.name());
        }
        for name in dir.names()? {
            if !owned::is_users(&name) {
                self.locked.at("undo-discard");
                self.locked.scratch.discard(&dir, &name)?;
            }
        }
        Ok(())
    }

    fn make_dir(&self, path: &HomePath, mode: u32) -> Result<()> {
        let parent = self.locked.root().parent_or_new(path)?;
        if parent.exists(path.name())? {
            return Ok(());
        }
        self.locked.at("undo-make-dir");
        parent.make(path.name(), mode)?;
        match parent.child(path.name())? {
            Some(dir) => dir.set_mode(mode),
            None => Ok(()),
        }
    }

    /// The directory that the path lies in; `None` if it is not there, or something else is in
    /// its place: then nothing of ours is at the path either.
    fn parent(&self, path: &HomePath) -> Result<Option<Dir>> {
        let root = self.locked.root();
        if root.is_outside(path) {
            return root.parent_of(path);
        }
        let mut dir = root.duplicate()?;
        for name in path.parent().iter().flat_map(HomePath::parts) {
            match Identity::of(&dir, name)? {
                Some(found) if found.is_dir() => match dir.child(name)? {
                    Some(child) => dir = child,
                    None => return Ok(None),
                },
                _ => return Ok(None),
            }
        }
        Ok(Some(dir))
    }
}
