//! Putting a plugin's files in place, where none of its files are yet.

use std::ffi::OsStr;
use std::path::Path;

use super::dir::Dir;
use super::identity::{Identity, tree_identity};
use super::path::HomePath;
use super::record::Record;
use super::transaction::Transaction;
use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;
use crate::model::owned;

impl Transaction<'_> {
    /// Moves a staged directory to `plugins/<directory>`. Where that is there already it may hold
    /// nothing but the user's `custom/` and `.env`, which stay and are used.
    ///
    /// From here on the plugin directory is the transaction's, with all that an install command
    /// makes in it: rolling back empties it except for `custom/` and `.env`, as far as these are
    /// not what this very call placed.
    ///
    /// # Errors
    /// [`ErrorKind::DirectoryOccupied`] if the directory holds other things.
    pub(crate) fn place_plugin(&mut self, staged: &Path, plugin: &PluginDir) -> Result<()> {
        let path = HomePath::plugin(plugin);
        let root = self.locked.root();
        let existing = match root.child(OsStr::new("plugins"))? {
            Some(plugins) => plugins.child(path.name())?,
            None => None,
        };
        if let Some(dir) = &existing {
            check_only_users(dir, plugin)?;
        }
        self.plan(|planner| {
            let from = planner.staged_path(staged)?;
            let source = root.below(&from)?.ok_or_else(|| {
                Error::new(
                    ErrorKind::Internal,
                    format!("`{from}` cannot be moved into place: it does not exist"),
                )
            })?;
            if existing.is_none() {
                planner.make_parents(&path)?;
                let new = Identity::new(&source.stat_self()?);
                planner.push(Record::Plugin {
                    path: path.clone(),
                    from: Some((from, new)),
                    custom: tree_identity(&source, OsStr::new(owned::CUSTOM))?,
                    env: tree_identity(&source, OsStr::new(owned::ANSWERS))?,
                });
                return Ok(());
            }
            planner.push(Record::Plugin {
                path: path.clone(),
                from: None,
                custom: None,
                env: None,
            });
            for name in source.names()? {
                if !owned::is_users(&name) {
                    planner.place(from.child(&name), &path.child(&name))?;
                }
            }
            Ok(())
        })
    }
}

fn check_only_users(dir: &Dir, plugin: &PluginDir) -> Result<()> {
    let mut names = dir.names()?;
    names.retain(|name| !owned::is_users(name));
    if names.is_empty() {
        return Ok(());
    }
    let shown: Vec<_> = names
        .iter()
        .take(5)
        .map(|name| format!("`{}`", crate::text::escape(&name.to_string_lossy())))
        .collect();
    let more = if names.len() > shown.len() {
        ", …"
    } else {
        ""
    };
    Err(Error::new(
        ErrorKind::DirectoryOccupied,
        format!(
            "`plugins/{plugin}` holds files of no installed plugin: {}{more}",
            shown.join(", ")
        ),
    )
    .with_help(format!(
        "run `atk remove {plugin}` to delete the directory, or move the files away; `custom/` and \
         `.env` may stay"
    ))
    .with_plugin(plugin.as_str())
    .with_path(dir.path()))
}
