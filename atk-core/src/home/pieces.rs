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

use super::dir::{Dir, permissions};
use super::locked::LockedHome;
use super::record::number;
use super::scratch::unique_name;
use crate::error::{Error, ErrorKind, Result};

/// The mode of a directory while entries are moved into it.
pub(super) const NEW: u32 = 0o700;

/// How the name of an unfinished copy begins.
pub(super) const UNFINISHED: &str = ".atk-copy-";

/// Sets an entry of `dir` aside under the number `n`.
pub(super) fn set_aside(
    locked: &LockedHome<'_>,
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
    locked: &LockedHome<'_>,
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

/// The name of an entry whose pieces are being moved.
pub(super) fn pieces(n: u64) -> OsString {
    format!("{n}.pieces").into()
}

/// Moves an entry to where nothing is.
pub(super) fn move_tree(
    locked: &LockedHome<'_>,
    from: &Dir,
    name: &OsStr,
    to: &Dir,
    new: &OsStr,
) -> Result<()> {
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

pub(super) fn move_file(
    locked: &LockedHome<'_>,
    from: &Dir,
    name: &OsStr,
    to: &Dir,
    new: &OsStr,
) -> Result<()> {
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

/// Opens an entry that must be a directory.
pub(super) fn open(dir: &Dir, name: &OsStr) -> Result<Dir> {
    dir.child(name)?
        .ok_or_else(|| dir.refusal("cannot open", name, Errno::NOENT))
}
