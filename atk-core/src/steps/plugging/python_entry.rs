//! The entry of the Python tool for a plugin's server, which has another name than ATK's: the one that the
//! plugin shows.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::book::Book;
use super::server::PluginServer;
use crate::agents::entry;
use crate::agents::target::Target;
use crate::error::Result;
use crate::outcome::{EntryChange, PlugKind, PluggedEntry};

/// An entry that the Python tool wrote.
pub(crate) struct PythonEntry {
    pub(crate) target: Target,
    pub(crate) digest: String,
    value: Value,
}

impl PythonEntry {
    /// Finds the entry that the Python tool wrote for the same server. An entry that was edited since belongs
    /// to the user, and is not returned.
    pub(crate) fn find(
        book: &Book<'_>,
        server: &PluginServer,
        ours: &Target,
        file: &[u8],
    ) -> Option<PythonEntry> {
        let name = server.python_name();
        if name == ours.name {
            return None;
        }
        let target = Target {
            name: name.to_owned(),
            ..ours.clone()
        };
        let value = target.read(file).ok()??;
        // Another plugin may be plugged in under this name.
        if book.digest(&target).is_some() || !server.is_of_python_tool(&value) {
            return None;
        }
        Some(PythonEntry {
            digest: entry::digest(target.agent, &value),
            target,
            value,
        })
    }

    /// Keeps a copy, and returns its path.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn back_up(&self, book: &Book<'_>, plugin: &str) -> Result<PathBuf> {
        book.back_up_entry(plugin, self.target.agent.id, &self.value)
    }

    pub(crate) fn outcome(&self, backup: Option<PathBuf>) -> PluggedEntry {
        PluggedEntry {
            agent: self.target.agent.id.to_owned(),
            kind: PlugKind::Server,
            file: Some(Path::to_owned(&self.target.path)),
            entry: self.target.name.clone(),
            change: EntryChange::Removed,
            reason: Some("the Python tool wrote it for the same server".to_owned()),
            content: None,
            backup,
        }
    }
}
