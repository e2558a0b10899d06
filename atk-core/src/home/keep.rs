//! Files of a plugin that goes, and that are nowhere else.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use rustix::fs::FileType;

use super::dir::Dir;
use super::path::HomePath;
use super::preserve;
use super::transaction::Transaction;
use crate::error::{Error, Result};
use crate::model::name::PluginDir;

/// Who may enter a directory of what is kept. The files in it keep their own modes.
const PRIVATE: u32 = 0o700;

impl Transaction<'_> {
    /// Keeps files, links and whole directories of a plugin in `backups/<directory>/<time>/`, less
    /// what `spared` names (relative to the plugin's directory). It is part of the transaction.
    /// Returns the directory; `None` if there was nothing to keep.
    ///
    /// Files get a second name, so that it costs nothing, whatever their size; a file system
    /// without hard links gets copies.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    pub(crate) fn keep(
        &mut self,
        plugin: &PluginDir,
        paths: &[PathBuf],
        spared: &[&str],
    ) -> Result<Option<PathBuf>> {
        let locked = self.locked;
        let Some(source) = locked.root().below(&HomePath::plugin(plugin))? else {
            return Ok(None);
        };
        let base = preserve::free_directory(locked, plugin.as_str())?;
        let mut kept = false;
        self.plan(|planner| {
            let name = OsString::from(planner.number().to_string());
            let temp = &locked.scratch.temp;
            temp.make(&name, PRIVATE)?;
            let target = open(temp, &name)?;
            for path in paths {
                let mut entries = vec![path.clone()];
                while let Some(path) = entries.pop() {
                    locked.scope.cancel.check()?;
                    if !spared.iter().any(|spared| path.as_os_str() == *spared) {
                        kept |= keep_entry(&source, &target, &path, &mut entries)?;
                    }
                }
            }
            if kept {
                planner.make_parents(&base)?;
                planner.place_tree(&name, &base)?;
            }
            Ok(())
        })?;
        Ok(kept.then(|| locked.root().at(&base)))
    }
}

/// Keeps the entry at a path below `source`; an empty path is `source` itself. Adds what a
/// directory holds to `entries`: it may be nested deeper than files may be open. True if there
/// was something to keep.
fn keep_entry(
    source: &Dir,
    target: &Dir,
    path: &std::path::Path,
    entries: &mut Vec<PathBuf>,
) -> Result<bool> {
    if path.as_os_str().is_empty() {
        entries.extend(source.names()?.into_iter().map(PathBuf::from));
        return Ok(false);
    }
    let path = HomePath::new(path)?;
    let parent = match path.parent() {
        Some(parent) => source.below(&parent)?,
        None => Some(source.duplicate()?),
    };
    let Some(parent) = parent else {
        return Ok(false);
    };
    let Some(stat) = parent.stat(path.name())? else {
        return Ok(false);
    };
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => {
            let dir = open(&parent, path.name())?;
            let inner = dir.names()?.into_iter();
            entries.extend(inner.map(|name| path.as_path().join(name)));
            Ok(false)
        }
        FileType::RegularFile | FileType::Symlink => {
            let to = parents(target, &path)?;
            if parent.link(path.name(), &to, path.name()).is_err() {
                parent.copy(path.name(), &to, path.name())?;
            }
            Ok(true)
        }
        // A pipe or a socket has no content.
        _ => Ok(false),
    }
}

/// Opens the directory below `top` that a path lies in, and makes it first if it is missing.
fn parents(top: &Dir, path: &HomePath) -> Result<Dir> {
    let mut dir = top.duplicate()?;
    for name in path.parent().iter().flat_map(HomePath::parts) {
        if !dir.exists(name)? {
            dir.make(name, PRIVATE)?;
        }
        dir = open(&dir, name)?;
    }
    Ok(dir)
}

fn open(dir: &Dir, name: &OsStr) -> Result<Dir> {
    dir.child(name)?.ok_or_else(|| {
        let path = dir.path().join(name);
        Error::io("cannot open", &path, rustix::io::Errno::NOENT.into())
    })
}
