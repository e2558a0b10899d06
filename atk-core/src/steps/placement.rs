//! Puts fetched files of a plugin in place, and notes down what was put there.

use std::path::{Path, PathBuf};

use super::replacement::{self, Managed, Replacement};
use crate::error::Result;
use crate::fetch::{StagedFile, StagedTree};
use crate::home::{Access, HomeDir, HomePath, Receipt, ReceiptFile, Transaction};
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::model::pin::Pin;
use crate::outcome::FileChanges;
use crate::text::escape;

/// How the files of a plugin come to their place.
#[derive(Debug)]
pub(crate) enum Placement {
    /// There is nothing but what is the user's: all at once.
    Whole(Vec<String>),
    /// Over what is there, file by file.
    Over(Replacement),
}

impl Placement {
    /// Decides by what lies in the plugin's directory. Nothing changes yet.
    ///
    /// # Errors
    /// [`ErrorKind::DirectoryOccupied`](crate::ErrorKind::DirectoryOccupied) if something that
    /// cannot be kept is in the way.
    pub(crate) fn plan(home: &HomeDir, plugin: &PluginDir, new: &StagedTree) -> Result<Self> {
        let names = home.names(&HomePath::plugin(plugin))?.unwrap_or_default();
        if names.iter().all(|name| owned::is_users(name)) {
            let files = new.files.iter().map(|file| file.path.to_string());
            return Ok(Placement::Whole(files.collect()));
        }
        let old = managed(home, plugin, new.before.as_deref());
        let replacement = Replacement::plan(home, plugin, old.as_ref(), new)?;
        Ok(Placement::Over(replacement))
    }

    /// The files that change.
    pub(crate) fn files(&self) -> FileChanges {
        match self {
            Placement::Whole(files) => FileChanges {
                added: files.clone(),
                ..FileChanges::default()
            },
            Placement::Over(replacement) => replacement.files.clone(),
        }
    }

    /// Puts the files in place, with stamp and receipt. Returns where the bytes are kept of files
    /// that the user had edited.
    pub(crate) fn carry_out(
        &self,
        transaction: &mut Transaction<'_>,
        plugin: &PluginDir,
        new: &StagedTree,
    ) -> Result<Option<PathBuf>> {
        let backup = match self {
            Placement::Whole(_) => {
                transaction.place_plugin(&new.dir, plugin)?;
                None
            }
            Placement::Over(replacement) => replacement.carry_out(transaction)?,
        };
        note(transaction, plugin, new)?;
        Ok(backup)
    }
}

/// Says where the bytes are kept of files that the user had edited.
pub(crate) fn kept_warning(kept: Option<&Path>) -> Option<String> {
    let kept = escape(&kept?.to_string_lossy());
    Some(format!(
        "edited files were replaced; the old versions are kept in `{kept}`"
    ))
}

/// What is known of the files that ATK put there: the receipt, else the files of the commit that
/// the stamp names. The latter is what a home has to go by in which another tool added or upgraded
/// the plugin.
fn managed(home: &HomeDir, plugin: &PluginDir, before: Option<&[StagedFile]>) -> Option<Managed> {
    let receipt = home.receipt(plugin);
    let noted = receipt.and_then(|receipt| replacement::of_receipt(&receipt));
    noted.or_else(|| before.map(replacement::of_files))
}

/// Writes stamp and receipt of files that are in place. Files of the user's own have neither.
pub(crate) fn note(
    transaction: &mut Transaction<'_>,
    plugin: &PluginDir,
    tree: &StagedTree,
) -> Result<()> {
    let Some(pin) = &tree.pin else {
        return Ok(());
    };
    let stamp = format!("{pin}\n");
    let path = HomePath::stamp(plugin);
    transaction.write(&path, stamp.as_bytes(), Access::Shared)?;
    transaction.write_receipt(plugin, &receipt(tree))
}

/// Notes down that files which are in place are those of another commit too.
pub(crate) fn note_same(
    transaction: &mut Transaction<'_>,
    home: &HomeDir,
    plugin: &PluginDir,
    pin: &Pin,
) -> Result<()> {
    // Asked for first: by the new stamp it would be another commit's.
    let noted = home.receipt(plugin);
    let path = HomePath::stamp(plugin);
    transaction.write(&path, format!("{pin}\n").as_bytes(), Access::Shared)?;
    match noted {
        Some(mut receipt) => {
            receipt.pin = Some(pin.clone());
            transaction.write_receipt(plugin, &receipt)
        }
        None => transaction.remove_receipt(plugin),
    }
}

fn receipt(tree: &StagedTree) -> Receipt {
    let file = |file: &StagedFile| ReceiptFile {
        path: file.path.to_string(),
        kind: replacement::kind(file.kind),
        blob: file.id.to_string(),
    };
    Receipt {
        pin: tree.pin.clone(),
        tree: tree.tree.map(|id| id.to_string()),
        files: tree.files.iter().map(file).collect(),
    }
}
