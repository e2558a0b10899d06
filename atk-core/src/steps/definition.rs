//! Reads the definition of a plugin, wherever its files are.

use std::path::Path;

use super::missing_files;
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::StagedTree;
use crate::home::{HomeDir, HomePath};
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::model::owned::DEFINITIONS;
use crate::model::plugin::Definition;

/// What the user puts over it.
const OVERLAY: &str = "custom/overrides.yaml";

/// A definition, and what deserves a warning in it.
pub(crate) type Read = (Definition, Vec<String>);

/// The user's overlay of a plugin in the home.
pub(crate) struct Overlay {
    bytes: Vec<u8>,
    /// Where it is, for messages.
    label: String,
}

/// Reads the definition of staged files, merged with an overlay: the one given, else one among
/// the files.
///
/// # Errors
/// [`ErrorKind::SourceNotFound`] if it does not exist, [`ErrorKind::ContentRefused`] for a link,
/// [`ErrorKind::DefinitionInvalid`].
pub(crate) fn of_files(tree: &StagedTree, overlay: Option<&Overlay>) -> Result<Read> {
    let (file, bytes) = DEFINITIONS
        .into_iter()
        .find_map(|file| Some((file, read(&tree.dir, file).transpose()?)))
        .ok_or_else(|| Error::new(ErrorKind::SourceNotFound, "the source has no `plugin.yaml`"))?;
    let own = match overlay {
        Some(_) => None,
        None => read(&tree.dir, OVERLAY)?,
    };
    let own = own.map(|bytes| Overlay {
        bytes,
        label: tree.label.file(OVERLAY, false),
    });
    merged(
        &bytes?,
        &tree.label.file(file, true),
        overlay.or(own.as_ref()),
    )
}

/// Reads the definition of a plugin that lies in the home, merged with the user's overlay.
///
/// # Errors
/// As [`of_files`]. If the files are missing, the error says how to get them.
pub(crate) fn of_installed(home: &HomeDir, entry: &Entry) -> Result<Read> {
    of_directory(home, &entry.directory)?.ok_or_else(|| missing_files::files(home, entry))
}

/// Reads the definition that lies in a directory of the home, which need not be in the manifest.
///
/// # Errors
/// As [`of_files`], but for a definition that is not there.
pub(crate) fn of_directory(home: &HomeDir, plugin: &PluginDir) -> Result<Option<Read>> {
    let base = HomePath::plugin(plugin);
    for file in DEFINITIONS {
        let path = base.join(file)?;
        if let Some(bytes) = home.read(&path)? {
            return merged(&bytes, &path.to_string(), overlay(home, plugin)?.as_ref())
                .map(Some)
                .map_err(|error| error.with_plugin(plugin.as_str()));
        }
    }
    Ok(None)
}

/// The user's overlay of a plugin.
pub(crate) fn overlay(home: &HomeDir, plugin: &PluginDir) -> Result<Option<Overlay>> {
    let path = HomePath::plugin(plugin).join(OVERLAY)?;
    let bytes = home.read(&path)?;
    Ok(bytes.map(|bytes| Overlay {
        bytes,
        label: path.to_string(),
    }))
}

fn merged(bytes: &[u8], file: &str, overlay: Option<&Overlay>) -> Result<Read> {
    let overlay = overlay.map(|overlay| (overlay.bytes.as_slice(), overlay.label.as_str()));
    let (definition, problems) = Definition::read(bytes, file, overlay)?;
    let warnings = problems.iter().map(ToString::to_string).collect();
    Ok((definition, warnings))
}

/// Reads a file of a plugin that is not in the home yet. A link is refused now: where it will
/// lie, links are not followed, and nothing could read it.
fn read(dir: &Path, file: &str) -> Result<Option<Vec<u8>>> {
    let path = dir.join(file);
    let failed = |error| Error::io("cannot read", &path, error);
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => Err(Error::new(
            ErrorKind::ContentRefused,
            format!("the plugin's `{file}` is not a plain file"),
        )
        .with_path(file)),
        Ok(_) => std::fs::read(&path).map(Some).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}
