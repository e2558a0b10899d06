//! Replaying a journal backwards.

use std::collections::HashSet;

use super::journal::Journal;
use super::locked::LockedHome;
use super::path::HomePath;
use super::preserve;
use super::undo::Undo;
use crate::error::{Error, ErrorKind, Result};

/// Undoes all records, the last one first, and retires the journal.
///
/// # Errors
/// [`ErrorKind::RecoveryFailed`]: where a change could not be undone, the journal stays from that
/// record on; where bytes that were set aside are nowhere any more, it names their places.
pub(super) fn roll_back(
    locked: &LockedHome<'_>,
    journal: &mut Journal,
    keep: &[HomePath],
) -> Result<()> {
    let aside = journal.aside().duplicate()?;
    let mut undo = Undo {
        locked,
        aside: &aside,
        copied: journal.was_copied()?,
        keep,
        lost: Vec::new(),
    };
    let mut undone = UndonePaths::default();
    while let Some(record) = journal.last().cloned() {
        if let Some(path) = record.path()
            && undone.concerns(path)
        {
            undone.sync(locked)?;
            journal.sync()?;
        }
        let tried = match record.path() {
            Some(path) => undo.undo(&record).map_err(|error| (path, error)),
            None => Ok(()),
        };
        tried.map_err(|(path, error)| refused(locked, path, error))?;
        undone.add(record.path());
        locked.at("undone");
        journal.pop()?;
        if record.path().is_none() {
            // From here on the transaction must not be completed any more.
            journal.sync()?;
        }
    }
    undone.sync(locked)?;
    if keep.is_empty() {
        for name in journal.set_aside()? {
            let path = HomePath::new(&name)?;
            preserve::preserve(locked, &aside, &name, &path)?;
        }
    }
    locked.at("retire");
    journal.retire(&locked.scratch)?;
    locked.at("rolled-back");
    match undo.lost.as_slice() {
        [] => Ok(()),
        lost => Err(gone(locked, lost)),
    }
}

/// The paths whose undoing may not be on the disk yet.
///
/// A record is undone by what is found at its path, which must not change with an earlier record
/// that is undone already. After a power cut records may come back that were cut off; so before a
/// path is touched again, all that was undone is synced, and the shortened journal too.
#[derive(Default)]
struct UndonePaths {
    paths: HashSet<HomePath>,
    above: HashSet<HomePath>,
}

impl UndonePaths {
    fn concerns(&self, path: &HomePath) -> bool {
        self.above.contains(path) || path.and_above().any(|path| self.paths.contains(&path))
    }

    fn add(&mut self, path: Option<&HomePath>) {
        if let Some(path) = path {
            self.above.extend(path.and_above().skip(1));
            self.paths.insert(path.clone());
        }
    }

    /// Waits until all of it is on the disk.
    fn sync(&mut self, locked: &LockedHome<'_>) -> Result<()> {
        let parents: HashSet<_> = self.paths.iter().filter_map(HomePath::parent).collect();
        if self.paths.iter().any(|path| path.parent().is_none()) {
            locked.root().sync()?;
        }
        for parent in parents {
            // Where it is gone, or no directory any more, there is nothing to wait for.
            if let Ok(Some(dir)) = locked.root().below(&parent) {
                dir.sync()?;
            }
        }
        *self = UndonePaths::default();
        Ok(())
    }
}

fn refused(locked: &LockedHome<'_>, path: &HomePath, cause: Error) -> Error {
    let full = locked.root().at(path);
    Error::new(
        ErrorKind::RecoveryFailed,
        format!("an interrupted change of `{path}` could not be rolled back: {cause}"),
    )
    .with_help("nothing is lost: remove the cause, and the next operation rolls back the rest")
    .with_path(full)
    .with_cause(cause)
}

fn gone(locked: &LockedHome<'_>, lost: &[HomePath]) -> Error {
    let names: Vec<_> = lost.iter().map(|path| format!("`{path}`")).collect();
    let mut error = Error::new(
        ErrorKind::RecoveryFailed,
        format!(
            "an interrupted operation was rolled back, but {} could not be restored: the copies \
             that were set aside are gone",
            names.join(", ")
        ),
    )
    .with_help("restore them from the home's git history, or install the plugin again");
    if let Some(path) = lost.first() {
        error = error.with_path(locked.root().at(path));
    }
    error
}
