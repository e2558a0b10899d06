//! Putting back what was set aside, piece by piece where the file system moves no directory.

use std::ffi::OsStr;

use rustix::fs::FileType;
use rustix::io::Errno;

use super::dir::{Dir, permissions};
use super::identity::Identity;
use super::locked::LockedHome;
use super::path::HomePath;
use super::pieces::{NEW, UNFINISHED, move_file, open, pieces};
use super::preserve;
use super::record::number;
use crate::error::{Error, Result};

/// Puts back what was set aside under the number `n`; nothing may be at its place.
pub(super) fn put_back(
    locked: &LockedHome<'_>,
    aside: &Dir,
    n: u64,
    parent: &Dir,
    path: &HomePath,
) -> Result<()> {
    match aside.try_rename_new(&number(n), parent, path.name()) {
        Ok(()) => Ok(()),
        Err(Errno::XDEV) => {
            aside.rename_new(&number(n), aside, &pieces(n))?;
            merge_back(locked, aside, n, parent, path)
        }
        Err(errno) => Err(aside.move_refusal(&number(n), parent, path.name(), errno)),
    }
}

/// True if the entry of this number was being moved when the process ended.
pub(super) fn is_scattered(aside: &Dir, n: u64) -> Result<bool> {
    aside.exists(&pieces(n))
}

/// Puts the pieces of an entry back to where the others are.
pub(super) fn merge_back(
    locked: &LockedHome<'_>,
    aside: &Dir,
    n: u64,
    parent: &Dir,
    path: &HomePath,
) -> Result<()> {
    merge(locked, aside, &pieces(n), parent, path)
}

fn merge(
    locked: &LockedHome<'_>,
    from: &Dir,
    name: &OsStr,
    to: &Dir,
    path: &HomePath,
) -> Result<()> {
    let Some(piece) = Identity::of(from, name)? else {
        return Ok(());
    };
    let there = Identity::of(to, path.name())?;
    match there {
        None if piece.is_dir() => {
            if from.try_rename_new(name, to, path.name()).is_ok() {
                return Ok(());
            }
            locked.at("piece");
            to.make(path.name(), NEW)?;
            merge_entries(locked, from, name, to, path)
        }
        None => move_file(locked, from, name, to, path.name()),
        Some(there) if piece.is_dir() && there.is_dir() => {
            merge_entries(locked, from, name, to, path)
        }
        // Copied, and not yet deleted at its place when the process ended.
        Some(_) if is_same(from, name, to, path.name())? => {
            locked.at("piece");
            from.unlink(name)
        }
        Some(_) if path.is_users() => preserve::preserve(locked, from, name, path),
        Some(_) => {
            preserve::preserve(locked, to, path.name(), path)?;
            merge(locked, from, name, to, path)
        }
    }
}

fn merge_entries(
    locked: &LockedHome<'_>,
    from: &Dir,
    name: &OsStr,
    to: &Dir,
    path: &HomePath,
) -> Result<()> {
    let mode = from.stat(name)?.map_or(NEW, |stat| permissions(&stat));
    from.allow_all(name, mode)?;
    let there = to.stat(path.name())?.map_or(NEW, |stat| permissions(&stat));
    to.allow_all(path.name(), there)?;
    // A directory has its own mode at its place if it is still the first one, else in the scratch.
    let mode = match there {
        NEW => mode,
        there => there,
    };
    let (source, target) = (open(from, name)?, open(to, path.name())?);
    for entry in source.names()? {
        if entry
            .to_str()
            .is_some_and(|name| name.starts_with(UNFINISHED))
        {
            source.unlink(&entry)?;
            continue;
        }
        merge(locked, &source, &entry, &target, &path.child(&entry))?;
    }
    target.set_mode(mode)?;
    target.sync()?;
    locked.at("piece");
    from.remove_empty(name)?;
    Ok(())
}

/// True for two files, or two links, of the same content.
fn is_same(one: &Dir, name: &OsStr, other: &Dir, other_name: &OsStr) -> Result<bool> {
    let kind = |dir: &Dir, name: &OsStr| {
        let stat = dir.stat(name)?;
        Ok::<_, Error>(stat.map(|stat| (FileType::from_raw_mode(stat.st_mode), stat.st_size)))
    };
    let (first, second) = (kind(one, name)?, kind(other, other_name)?);
    if first != second {
        return Ok(false);
    }
    match first {
        Some((FileType::Symlink, _)) => {
            Ok(one.link_target(name)? == other.link_target(other_name)?)
        }
        Some((FileType::RegularFile, _)) => one.has_same_content(name, other, other_name),
        _ => Ok(false),
    }
}
