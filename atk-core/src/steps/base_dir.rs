//! Paths that the caller names.

use std::path::{Component, Path, PathBuf};

use super::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// The absolute path of what the caller named; `~` is the user's home, any other relative path is below the
/// base directory. Without a name, it is the base directory.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if the path is relative and there is no base directory.
pub(crate) fn absolute(context: &Context<'_>, named: Option<&str>) -> Result<PathBuf> {
    let options = &context.session.options;
    let named = named.unwrap_or_default();
    let path = match (named.strip_prefix('~'), &options.user_home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/'))
        }
        _ => match &options.base_dir {
            Some(base) => base.join(named),
            None => PathBuf::from(named),
        },
    };
    if !path.is_absolute() {
        let message = format!("the path `{}` is not absolute", escape(named));
        return Err(Error::new(ErrorKind::InvalidArgument, message)
            .with_path(path)
            .with_help("write its absolute path"));
    }
    Ok(without_dots(&path))
}

/// The path without `..`, if the part of it that is to be left exists: after a link, `..` is not the
/// directory that its text has before.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        let real = match part {
            Component::ParentDir => clean.canonicalize().ok(),
            Component::CurDir
            | Component::Normal(_)
            | Component::RootDir
            | Component::Prefix(_) => None,
        };
        match real {
            Some(mut real) => {
                real.pop();
                clean = real;
            }
            None => clean.push(part),
        }
    }
    clean
}

/// The path without links of a directory that exists.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if there is no such directory.
pub(crate) fn existing(context: &Context<'_>, named: Option<&str>) -> Result<PathBuf> {
    let path = absolute(context, named)?;
    let found = path.canonicalize().ok().filter(|found| found.is_dir());
    found.ok_or_else(|| {
        let shown = match named {
            Some(named) => escape(named),
            None => escape(&path.to_string_lossy()),
        };
        let message = format!("`{shown}` is not a directory");
        Error::new(ErrorKind::InvalidArgument, message).with_path(path)
    })
}
