//! Reads the definition of a plugin, wherever its files are.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::home::{Home, HomePath};
use crate::model::name::PluginDir;
use crate::model::plugin::Definition;

/// The names that a definition may have, the first one counts.
const FILES: [&str; 2] = ["plugin.yaml", "plugin.yml"];
/// What the user puts over it, as messages call it.
const OVERLAY: &str = "custom/overrides.yaml";

/// A definition, and what deserves a warning in it.
pub(crate) type Read = (Definition, Vec<String>);

/// Reads the definition of files that are not in the home, merged with an overlay: the one given,
/// else one among the files.
///
/// # Errors
/// [`ErrorKind::SourceNotFound`] where there is none, [`ErrorKind::ContentRefused`] for a link,
/// [`ErrorKind::DefinitionInvalid`].
pub(crate) fn of_files(dir: &Path, overlay: Option<&[u8]>) -> Result<Read> {
    let (file, bytes) = FILES
        .into_iter()
        .find_map(|file| Some((file, read(dir, file).transpose()?)))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::SourceNotFound,
                "there is no `plugin.yaml` at the source",
            )
        })?;
    let own = match overlay {
        Some(_) => None,
        None => read(dir, OVERLAY)?,
    };
    merged(&bytes?, file, overlay.or(own.as_deref()))
}

/// Reads the definition of a plugin that lies in the home, merged with the user's overlay.
///
/// # Errors
/// As [`of_files`].
pub(crate) fn of_installed(home: &Home, plugin: &PluginDir) -> Result<Read> {
    let base = HomePath::plugin(plugin);
    for file in FILES {
        if let Some(bytes) = home.read(&base.join(file)?)? {
            return merged(&bytes, file, overlay(home, plugin)?.as_deref())
                .map_err(|error| error.with_plugin(plugin.as_str()));
        }
    }
    Err(Error::new(
        ErrorKind::SourceNotFound,
        format!("the files of `{plugin}` are missing: there is no `{base}/plugin.yaml`"),
    )
    .with_plugin(plugin.as_str())
    .with_path(home.plugin_dir(plugin))
    .with_help("install the plugin: that brings them"))
}

/// The user's overlay of a plugin.
pub(crate) fn overlay(home: &Home, plugin: &PluginDir) -> Result<Option<Vec<u8>>> {
    home.read(&HomePath::plugin(plugin).join(OVERLAY)?)
}

fn merged(bytes: &[u8], file: &str, overlay: Option<&[u8]>) -> Result<Read> {
    let overlay = overlay.map(|bytes| (bytes, OVERLAY));
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
            format!("the plugin's `{file}` is no plain file"),
        )
        .with_path(file)),
        Ok(_) => std::fs::read(&path).map(Some).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}
