//! The scratch of older versions of ATK in a home whose `.git` is a file: `<home>/.atk/`.
//!
//! It lay in the work tree, so a repository could bring one along, journal included. Nothing in it
//! is used any more.

use std::ffi::OsStr;

use super::path::{HomePath, journal_dir};
use super::root::Root;
use crate::error::{Error, ErrorKind, Result};
use crate::repository::Repository;
use crate::text::escape;

/// Checks that no older version left an interrupted operation.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`] if what looks like one came with the repository;
/// [`ErrorKind::RecoveryFailed`] if an older version left it. Both name the way out.
pub(super) fn check(root: &Root, repository: &Repository) -> Result<()> {
    let name = OsStr::new(".atk");
    if !root.is_outside(&HomePath::scratch()) {
        return Ok(());
    }
    match root.child(name) {
        Ok(Some(scratch)) if scratch.exists(journal_dir())? => {}
        // A link, or a file: nothing that ATK made.
        Ok(Some(_) | None) | Err(_) => return Ok(()),
    }
    let path = root.path().join(name);
    let shown = escape(&path.to_string_lossy());
    let home = escape(&root.path().to_string_lossy());
    if repository.tracks(name.as_ref())? {
        return Err(Error::new(
            ErrorKind::HomeInvalid,
            format!(
                "`{shown}` holds the journal of an interrupted operation, but git tracks it: it \
                 came with the repository, and ATK did not write it"
            ),
        )
        .with_path(path)
        .with_help(format!("run `git -C {home} rm -r --force .atk`")));
    }
    Err(Error::new(
        ErrorKind::RecoveryFailed,
        format!("an older version of ATK left an interrupted operation in `{shown}/transaction`"),
    )
    .with_path(path)
    .with_help(format!(
        "the files that the operation set aside are there, under numbers; copy back what is missing \
         in the home, then delete `{shown}`"
    )))
}
