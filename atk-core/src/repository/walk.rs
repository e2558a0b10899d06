//! A walk of the work tree by git's rules.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Repository;
use super::config::GitConfig;
use super::failure::shown;
use super::ignore::{IgnoreRules, PathOrigin};
use crate::error::{Error, ErrorKind, Result};
use crate::model::owned::{is_custom, is_secret};

/// What is on disk at and below a path. Names are relative to the work tree.
#[derive(Debug, Default)]
pub(super) struct WalkedFiles {
    /// Tracked, or not ignored.
    pub(super) files: BTreeSet<Vec<u8>>,
    /// What may hold secrets, ignored or not. It is not among the files.
    pub(super) secrets: BTreeSet<Vec<u8>>,
    /// Not tracked and ignored; a directory of which nothing is tracked counts as one.
    pub(super) ignored: BTreeSet<Vec<u8>>,
    /// Of the files, what is a repository of its own: a submodule.
    pub(super) repositories: BTreeSet<Vec<u8>>,
}

/// Lists what `git add` of a path would look at, where `tracked` has the names of the tracked
/// files at and below it.
///
/// A file at the top of the work tree that is named itself is listed whatever ignores it: it is
/// the manifest, or another file that a home must have.
///
/// # Errors
/// [`ErrorKind::ContentRefused`] for a repository inside; [`ErrorKind::HomeInvalid`] if an ignore
/// file is a pipe; [`ErrorKind::Io`].
pub(super) fn walk(
    home: &Repository,
    config: &GitConfig,
    path: &Path,
    tracked: &BTreeSet<Vec<u8>>,
) -> Result<WalkedFiles> {
    let mut walk = Walk {
        root: &home.root,
        rules: IgnoreRules::read(home, config)?,
        tracked,
        found: WalkedFiles::default(),
    };
    walk.start(path)?;
    Ok(walk.found)
}

struct Walk<'a> {
    root: &'a Path,
    rules: IgnoreRules<'a>,
    tracked: &'a BTreeSet<Vec<u8>>,
    found: WalkedFiles,
}

/// What is known of the directory that a path lies in.
#[derive(Clone, Copy)]
struct Inside {
    /// Git ignores the directory, and so all in it that is not tracked.
    ignored: bool,
    asked: PathOrigin,
}

impl Walk<'_> {
    /// Walks the file or directory at `path`. Directories above it that are links end it: what
    /// lies behind a link is not part of the work tree.
    fn start(&mut self, path: &Path) -> Result<()> {
        let mut above = path.ancestors().skip(1).collect::<Vec<_>>();
        above.reverse();
        let mut inside = Inside {
            ignored: false,
            asked: PathOrigin::Named,
        };
        for parent in above
            .into_iter()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            match self.root.join(parent).symlink_metadata() {
                Ok(meta) if meta.is_dir() => {
                    inside.ignored |= self.rules.ignore(parent, true, inside.asked);
                    self.rules.enter(parent)?;
                }
                _ => return Ok(()),
            }
        }
        self.visit(path, inside)
    }

    fn visit(&mut self, path: &Path, inside: Inside) -> Result<()> {
        let full = self.root.join(path);
        let meta = match full.symlink_metadata() {
            Ok(meta) => meta,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io("cannot read", &full, error)),
        };
        if meta.is_dir() {
            return self.visit_directory(path, inside);
        }
        // Git tracks neither sockets nor pipes nor devices.
        if !meta.is_file() && !meta.is_symlink() {
            return Ok(());
        }
        let name = path.as_os_str().as_bytes().to_vec();
        let must_be = inside.asked == PathOrigin::Named && path.parent() == Some(Path::new(""));
        // The home's rules re-include `custom/`, and mean a link of the user's to it as well.
        let as_dir = meta.is_symlink() && is_custom(path);
        let ignored = || inside.ignored || self.rules.ignore(path, as_dir, inside.asked);
        if is_secret(&name) {
            self.found.secrets.insert(name);
        } else if !must_be && !self.tracked.contains(&name) && ignored() {
            self.found.ignored.insert(name);
        } else {
            self.found.files.insert(name);
        }
        Ok(())
    }

    fn visit_directory(&mut self, path: &Path, mut inside: Inside) -> Result<()> {
        inside.ignored |= self.rules.ignore(path, true, inside.asked);
        inside.asked = PathOrigin::Found;
        let name = path.as_os_str().as_bytes();
        if inside.ignored && !self.has_tracked(name) {
            self.found.ignored.insert([name, b"/"].concat());
            return Ok(());
        }
        let full = self.root.join(path);
        if full.join(".git").symlink_metadata().is_ok() {
            if !self.tracked.contains(name) {
                return Err(nested_repository(path));
            }
            self.found.repositories.insert(name.to_vec());
            self.found.files.insert(name.to_vec());
            return Ok(());
        }
        let has_rules = self.rules.enter(path)?;
        let entries =
            fs::read_dir(&full).map_err(|error| Error::io("cannot read", &full, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Error::io("cannot read", &full, error))?;
            self.visit(&path.join(entry.file_name()), inside)?;
        }
        if has_rules {
            self.rules.leave();
        }
        Ok(())
    }

    /// Returns true if a file is tracked at the directory (a submodule) or below it.
    fn has_tracked(&self, directory: &[u8]) -> bool {
        let below = [directory, b"/"].concat();
        self.tracked.contains(directory)
            || self
                .tracked
                .range(below.clone()..)
                .next()
                .is_some_and(|next| next.starts_with(&below))
    }
}

/// The error for a repository where plain files were expected.
pub(super) fn nested_repository(path: &Path) -> Error {
    Error::new(
        ErrorKind::ContentRefused,
        format!(
            "`{}` is a git repository of its own: its files could not be tracked by the home's",
            shown(path)
        ),
    )
    .with_path(path)
    .with_help("remove the `.git` in it, or keep the repository elsewhere and use a copy")
}
