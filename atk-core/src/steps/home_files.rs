//! Files of a plugin as a commit of the home has them.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{Label, StagedFile, StagedTree};
use crate::fetching::object::{EntryKind, ObjectId};
use crate::home::{HomeDir, HomePath};
use crate::model::name::PluginDir;
use crate::model::tree_path::TreePath;

/// Writes the files of a plugin that a commit of the home has to `dest`: those that `wanted` lets
/// through.
pub(crate) fn stage(
    home: &HomeDir,
    commit: &crate::model::pin::Pin,
    plugin: &PluginDir,
    wanted: impl Fn(&Path) -> bool,
    dest: &Path,
) -> Result<StagedTree> {
    let directory = HomePath::plugin(plugin);
    let repository = home.open_repository()?;
    let restored = repository.restore(commit, directory.as_path(), wanted, dest)?;
    let file = |file: &crate::repository::RestoredFile| {
        let mut path = None;
        for name in &file.path {
            let name = name.as_encoded_bytes();
            path = Some(TreePath::child(path.as_ref(), name).map_err(|why| {
                let shown = crate::text::escape(&file.path.to_string_lossy());
                Error::new(ErrorKind::ContentRefused, format!("`{shown}`: {why}"))
            })?);
        }
        let kind = match file.mode {
            0o120_000 => EntryKind::Link,
            0o100_755 => EntryKind::Executable,
            _ => EntryKind::File,
        };
        let id = ObjectId::parse(&file.id).ok_or_else(super::fetched_entries::lost)?;
        let path = path.ok_or_else(super::fetched_entries::lost)?;
        Ok(StagedFile { path, kind, id })
    };
    let files = restored.iter().map(file).collect::<Result<Vec<_>>>()?;
    Ok(StagedTree {
        dir: dest.to_owned(),
        pin: None,
        tree: None,
        file_count: files.len(),
        files,
        before: None,
        findings: Vec::new(),
        warnings: Vec::new(),
        label: Label::Directory(directory.to_string()),
        subdir: None,
    })
}
