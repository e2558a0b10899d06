//! Finds the files of a plugin that differ from what ATK wrote.

use crate::error::Result;
use crate::fetching::object::ObjectId;
use crate::home::{HomeDir, HomePath, PathState};
use crate::model::name::PluginDir;

/// Returns the files of the receipt that were edited or deleted, relative to the plugin's directory.
/// Returns `None` without a receipt, and for a local plugin, whose files belong to the user.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(crate) fn find(home: &HomeDir, plugin: &PluginDir) -> Result<Option<Vec<String>>> {
    let Some(receipt) = home.receipt(plugin).filter(|receipt| receipt.pin.is_some()) else {
        return Ok(None);
    };
    let base = HomePath::plugin(plugin);
    let mut edited = Vec::new();
    for file in receipt.files {
        let is_same = match home.look(&base.join(&file.path)?)? {
            PathState::Content(kind, id) => {
                kind == file.kind && ObjectId::parse(&file.blob) == Some(id)
            }
            PathState::Nothing | PathState::Directory | PathState::Other => false,
        };
        if !is_same {
            edited.push(file.path);
        }
    }
    Ok(Some(edited))
}
