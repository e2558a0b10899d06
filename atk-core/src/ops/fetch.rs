//! `fetch`: a source's files in a directory of the caller's, without a home.

use std::fs;
use std::io::ErrorKind as IoKind;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::model::source::Source;
use crate::outcome::{At, Fetched};
use crate::steps::context::Context;
use crate::steps::directory_beside::DirectoryBeside;
use crate::steps::fetched_source;
use crate::steps::source::announced;

pub(crate) fn run(context: &Context<'_>, typed: &str, dest: &Path, at: &At) -> Result<Fetched> {
    // 1. The directory must be free.
    let source = announced(context, typed)?;
    check_free(dest)?;

    // 2. Bring the files to a place beside it, and check them there: the directory is complete or
    //    not there.
    let beside = DirectoryBeside::of(dest)?;
    let fetched = bring(context, &source, at, &beside.path())?;

    // 3. Move them there.
    context.session.cancel.check()?;
    match beside.move_to(dest) {
        Err(error) if error.kind() == IoKind::DirectoryNotEmpty => return Err(occupied(dest)),
        moved => moved.map_err(|error| Error::io("cannot create", dest, error))?,
    }
    Ok(Fetched {
        path: dest.to_owned(),
        ..fetched
    })
}

fn bring(context: &Context<'_>, source: &Source, at: &At, dest: &Path) -> Result<Fetched> {
    let obtained = fetched_source::obtain(context, None, source, at, dest)?;
    let (definition, problems) = obtained.definition(None)?;
    let tree = obtained.tree;
    Ok(Fetched {
        path: dest.to_owned(),
        pin: tree.pin,
        tree: tree.tree.map(|id| id.to_string()),
        definition,
        files: tree
            .files
            .iter()
            .map(|file| file.path.to_string())
            .collect(),
        warnings: tree.warnings.into_iter().chain(problems).collect(),
    })
}

fn check_free(dest: &Path) -> Result<()> {
    if !dest.is_absolute() {
        return Err(Error::new(
            ErrorKind::InvalidArgument,
            format!("the path `{}` is not absolute", dest.display()),
        )
        .with_path(dest));
    }
    let is_free = match fs::symlink_metadata(dest) {
        Ok(found) if found.is_dir() => fs::read_dir(dest).map(|mut all| all.next().is_none()),
        Ok(_) => Ok(false),
        Err(error) if error.kind() == IoKind::NotFound => Ok(true),
        Err(error) => Err(error),
    };
    match is_free {
        Ok(true) => Ok(()),
        Ok(false) => Err(occupied(dest)),
        Err(error) if error.kind() == IoKind::NotADirectory => Err(occupied(dest)),
        Err(error) => Err(Error::io("cannot use", dest, error)),
    }
}

fn occupied(dest: &Path) -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        format!(
            "`{}` already exists, and is not an empty directory",
            dest.display()
        ),
    )
    .with_path(dest)
}
