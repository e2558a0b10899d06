//! Moving an entry where the file system moves no directory: piece by piece.
//!
//! On overlayfs (containers) a directory of a lower layer cannot be renamed (EXDEV), its files can.
//! A plugin directory may also hold another mount. Setting such an entry aside takes many steps, so
//! what is set aside is called `<n>.pieces` until it is whole:
//!
//! ```text
//! transaction/<n>.pieces     some entries are here, the others are still at their place
//! transaction/<n>            all of it is here
//! ```
//!
//! A name in `<n>.pieces` stands for a whole file: copies are made under another name. So an undo
//! merges the pieces back, wherever the move, or an earlier undo, was interrupted.

use std::ffi::{OsStr, OsString};

use rustix::fs::FileType;
use rustix::io::Errno;

use super::backup;
use super::dir::{Dir, permissions};
use super::execute::number;
use super::identity::Identity;
use super::locked::Locked;
use super::path::HomePath;
use super::scratch::unique_name;
use crate::error::{Error, ErrorKind, Result};

/// The mode of a directory while entries are moved into it.
const NEW: u32 = 0o700;

/// How the name of an unfinished copy begins.
const UNFINISHED: &str = ".atk-copy-";

/// Sets an entry of `dir` aside under the number `n`.
pub(super) fn set_aside(
    locked: &Locked<'_>,
    dir: &Dir,
    name: &OsStr,
    aside: &Dir,
    n: u64,
) -> Result<()> {
    match dir.try_rename_new(name, aside, &number(n)) {
        Ok(()) => Ok(()),
        Err(Errno::XDEV) => {
            let pieces = pieces(n);
            move_tree(locked, dir, name, aside, &pieces)?;
            locked.at("piece");
            aside.rename_new(&pieces, aside, &number(n))
        }
        Err(errno) => Err(dir.move_refusal(name, aside, &number(n), errno)),
    }
}

/// Moves an entry to where nothing is. An interruption may leave a part of it at its place.
pub(super) fn move_entry(
    locked: &Locked<'_>,
    dir: &Dir,
    name: &OsStr,
    to: &Dir,
    new: &OsStr,
) -> Result<()> {
    match dir.try_rename_new(name, to, new) {
        Err(Errno::XDEV) => move_tree(locked, dir, name, to, new),
        moved => moved.map_err(|errno| dir.move_refusal(name, to, new, errno)),
    }
}

/// Puts back what was set aside under the number `n`; nothing may be at its place.
pub(super) fn put_back(
    locked: &Locked<'_>,
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
    locked: &Locked<'_>,
    aside: &Dir,
    n: u64,
    parent: &Dir,
    path: &HomePath,
) -> Result<()> {
    merge(locked, aside, &pieces(n), parent, path)
}

fn pieces(n: u64) -> OsString {
    format!("{n}.pieces").into()
}

/// Moves an entry to where nothing is.
fn move_tree(locked: &Locked<'_>, from: &Dir, name: &OsStr, to: &Dir, new: &OsStr) -> Result<()> {
    let Some(stat) = from.stat(name)? else {
        return Err(from.refusal("cannot move", name, Errno::NOENT));
    };
    if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
        return move_file(locked, from, name, to, new);
    }
    let mode = permissions(&stat);
    // Its entries leave it and enter the new one, whatever its owner may do in it.
    from.allow_all(name, mode)?;
    let source = open(from, name)?;
    locked.at("piece");
    to.make(new, NEW)?;
    let target = open(to, new)?;
    for entry in source.names()? {
        move_tree(locked, &source, &entry, &target, &entry)?;
    }
    target.set_mode(mode)?;
    target.sync()?;
    locked.at("piece");
    from.remove_empty(name)?;
    Ok(())
}

fn move_file(locked: &Locked<'_>, from: &Dir, name: &OsStr, to: &Dir, new: &OsStr) -> Result<()> {
    locked.at("piece");
    match from.try_rename_new(name, to, new) {
        Ok(()) => Ok(()),
        Err(Errno::XDEV) => {
            let mut copy = OsString::from(UNFINISHED);
            copy.push(unique_name());
            check_copyable(from, name)?;
            from.copy(name, to, &copy)?;
            locked.at("piece");
            to.rename_new(&copy, to, new)?;
            to.sync()?;
            locked.at("piece");
            from.unlink(name)
        }
        Err(errno) => Err(from.move_refusal(name, to, new, errno)),
    }
}

/// Checks that a copy of the entry would be the same as the entry.
fn check_copyable(dir: &Dir, name: &OsStr) -> Result<()> {
    let kind = dir
        .stat(name)?
        .map(|stat| FileType::from_raw_mode(stat.st_mode));
    match kind {
        Some(FileType::RegularFile | FileType::Symlink) => Ok(()),
        _ => {
            let path = dir.path().join(name);
            let message = format!(
                "`{}` cannot be moved to another file system: it is not a file, a directory or a link",
                crate::text::escape(&path.to_string_lossy())
            );
            Err(Error::new(ErrorKind::Io, message).with_path(path))
        }
    }
}

fn merge(locked: &Locked<'_>, from: &Dir, name: &OsStr, to: &Dir, path: &HomePath) -> Result<()> {
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
        Some(_) if path.is_users() => backup::preserve(locked, from, name, path),
        Some(_) => {
            backup::preserve(locked, to, path.name(), path)?;
            merge(locked, from, name, to, path)
        }
    }
}

fn merge_entries(
    locked: &Locked<'_>,
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

fn open(dir: &Dir, name: &OsStr) -> Result<Dir> {
    dir.child(name)?
        .ok_or_else(|| dir.refusal("cannot open", name, Errno::NOENT))
}
