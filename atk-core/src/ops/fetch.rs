//! `fetch`: a source's files in a directory of the caller's, without a home.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::model::source::Source;
use crate::outcome::{At, Fetched};
use crate::steps::context::Context;
use crate::steps::fetched_source;
use crate::steps::source::announced;

pub(crate) fn run(context: &Context<'_>, typed: &str, dest: &Path, at: &At) -> Result<Fetched> {
    let source = announced(context, typed)?;
    let empty = clear_the_way(dest)?;
    let fetched = bring(context, &source, at, dest);
    if fetched.is_err() && empty {
        // The caller's own empty directory is back, as far as that is possible.
        let _ = std::fs::create_dir(dest);
    }
    fetched
}

fn bring(context: &Context<'_>, source: &Source, at: &At, dest: &Path) -> Result<Fetched> {
    let obtained = fetched_source::obtain(context, None, source, at, dest)?;
    let (definition, problems) = match obtained.definition(None) {
        Ok(read) => read,
        Err(error) => {
            // They were written by this very call, into a directory that it made.
            let _ = std::fs::remove_dir_all(dest);
            return Err(error);
        }
    };
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

/// Takes away an empty directory at `dest`; true if there was one.
fn clear_the_way(dest: &Path) -> Result<bool> {
    if !dest.is_absolute() {
        return Err(Error::new(
            ErrorKind::InvalidArgument,
            format!("the path `{}` is not absolute", dest.display()),
        )
        .with_path(dest));
    }
    match std::fs::remove_dir(dest) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::DirectoryNotEmpty | std::io::ErrorKind::NotADirectory
            ) =>
        {
            Err(Error::new(
                ErrorKind::InvalidArgument,
                format!(
                    "`{}` already exists, and is not an empty directory",
                    dest.display()
                ),
            )
            .with_path(dest))
        }
        Err(error) => Err(Error::io("cannot use", dest, error)),
    }
}
