//! Which plugins an operation is about.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind, Result};
use crate::model::manifest::{Entry, Manifest};
use crate::model::suggest::nearest;
use crate::text::escape;

/// Which plugins an operation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Select {
    /// The plugin of this directory, else of this display name.
    One(String),
    /// All of the manifest, in its order.
    All,
}

impl Select {
    /// What the host is told that the operation is about.
    pub(crate) fn subject(&self) -> Option<&str> {
        match self {
            Select::One(plugin) => Some(plugin),
            Select::All => None,
        }
    }

    /// The entries of the manifest that are meant. Of several of one directory the first counts.
    pub(crate) fn entries<'m>(&self, manifest: &'m Manifest) -> Result<Vec<&'m Entry>> {
        match self {
            Select::One(plugin) => installed(manifest, plugin).map(|entry| vec![entry]),
            Select::All => {
                let mut seen = BTreeSet::new();
                let entries = manifest.plugins.iter();
                Ok(entries
                    .filter(|entry| seen.insert(&entry.directory))
                    .collect())
            }
        }
    }
}

/// The entry of a plugin that was named; of several of its directory the first.
///
/// # Errors
/// [`ErrorKind::PluginNotInstalled`], with the name that comes nearest.
pub(crate) fn installed<'m>(manifest: &'m Manifest, plugin: &str) -> Result<&'m Entry> {
    if let Some(entry) = manifest.find(plugin) {
        return Ok(manifest.get(&entry.directory).unwrap_or(entry));
    }
    let names = manifest
        .plugins
        .iter()
        .flat_map(|entry| [entry.directory.as_str(), &entry.name]);
    let error = Error::new(
        ErrorKind::PluginNotInstalled,
        format!("plugin `{}` not found", escape(plugin)),
    )
    .with_plugin(plugin);
    Err(match nearest(plugin, names) {
        Some(near) => error.with_help(format!("did you mean `{}`?", escape(near))),
        None => error,
    })
}

/// Fails where an entry is not in the manifest any more as it was when the operation began:
/// another one changed it before this one had the lock.
///
/// # Errors
/// [`ErrorKind::PluginNotInstalled`] if it is gone, [`ErrorKind::HomeInvalid`] if it is
/// another.
pub(crate) fn standing(now: &Manifest, entry: &Entry) -> Result<()> {
    match now.get(&entry.directory) {
        Some(same) if same == entry => Ok(()),
        Some(_) => Err(changed_meanwhile(entry)),
        None => installed(now, entry.directory.as_str())
            .map(drop)
            .map_err(|error| error.with_plugin(entry.directory.as_str())),
    }
}

/// The error for a plugin that another operation changed before this one had the lock.
pub(crate) fn changed_meanwhile(entry: &Entry) -> Error {
    let directory = entry.directory.as_str();
    Error::new(
        ErrorKind::HomeInvalid,
        format!("another operation changed `{directory}` meanwhile"),
    )
    .with_help("try again")
    .with_plugin(directory)
}
