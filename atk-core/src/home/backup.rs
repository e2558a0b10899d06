//! Versions of files that would otherwise be lost.

use std::path::PathBuf;

use super::path::HomePath;
use super::preserve;
use super::transaction::Transaction;
use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;

impl Transaction<'_> {
    /// Copies files and links of a plugin to `backups/<directory>/<time>/`, before they are
    /// replaced. The copies are part of the transaction. Returns the directory of the copies.
    pub(crate) fn back_up(&mut self, plugin: &PluginDir, paths: &[HomePath]) -> Result<PathBuf> {
        let root = self.locked.root();
        let base = match &self.backup {
            Some(base) => base.clone(),
            None => preserve::free_directory(self.locked, plugin.as_str())?,
        };
        self.backup = Some(base.clone());
        let below = HomePath::plugin(plugin);
        self.plan(|planner| {
            for path in paths {
                let inner = path.as_path().strip_prefix(below.as_path()).map_err(|_| {
                    Error::new(
                        ErrorKind::Internal,
                        format!("`{path}` does not belong to `{plugin}`"),
                    )
                })?;
                let copy = planner.copy(path)?;
                let target = base.join(inner)?;
                planner.make_parents(&target)?;
                planner.place(copy, &target)?;
            }
            Ok(())
        })?;
        Ok(root.at(&base))
    }
}
