//! Where the manifest and `plugins/` disagree: what a pull leaves behind.
//!
//! A plugin that was removed on another machine goes from the manifest with the pull. Its files
//! are not tracked, so they stay, and nothing else would mention them.

use std::collections::BTreeMap;

use super::context::Context;
use crate::home::{HomeDir, HomePath, PathState};
use crate::model::manifest::Manifest;
use crate::model::name::PluginDir;
use crate::model::owned;

/// How many are named one by one in a warning.
const NAMED: usize = 5;

/// The directories under `plugins/` that hold files of no plugin of the manifest.
///
/// A directory without anything but `custom/` and `.env` is none: these are the user's, they stay
/// after a failed add, and the next add uses them. What cannot be looked at is left out.
pub(crate) fn find(home: &HomeDir, manifest: &Manifest) -> Vec<PluginDir> {
    let names = home.names(&HomePath::plugins()).ok().flatten();
    let names = names.unwrap_or_default();
    let known: std::collections::BTreeSet<&str> = manifest
        .plugins
        .iter()
        .map(|entry| entry.directory.as_str())
        .collect();
    names
        .iter()
        .filter_map(|name| name.to_str())
        .filter(|name| !known.contains(name))
        // Anything else under `plugins/` was not put there by ATK.
        .filter_map(|name| PluginDir::new(name).ok())
        .filter(|directory| is_leftover(home, directory))
        .collect()
}

fn is_leftover(home: &HomeDir, directory: &PluginDir) -> bool {
    let path = HomePath::plugin(directory);
    if !matches!(home.look(&path), Ok(PathState::Directory)) {
        return false;
    }
    let names = home.names(&path).ok().flatten().unwrap_or_default();
    names.iter().any(|name| !owned::is_users(name))
}

/// Warns of leftovers, and of directories that have two entries.
pub(crate) fn warn(context: &Context<'_>, home: &HomeDir, manifest: &Manifest) {
    for directory in twice(manifest) {
        context.warn(
            Some(directory),
            &format!(
                "the manifest has more than one entry of the directory `{directory}`; ATK uses \
                 the first, delete the others from `manifest.yaml`"
            ),
        );
    }
    let change = home.change_in_progress(context.nested()).ok().flatten();
    let is_changed = |directory: &PluginDir| {
        let change = change.as_ref();
        change.is_some_and(|change| change.is_about(directory.as_str()))
    };
    let mut leftovers = find(home, manifest);
    leftovers.retain(|directory| !is_changed(directory));
    for directory in leftovers.iter().take(NAMED) {
        let path = HomePath::plugin(directory);
        context.warn(
            Some(directory.as_str()),
            &format!(
                "`{path}` is not in the manifest; run `atk remove {directory}` to delete it, or \
                 `atk add {}` to add it",
                home.plugin_dir(directory).display()
            ),
        );
    }
    if let Some(more) = leftovers.len().checked_sub(NAMED).filter(|more| *more > 0) {
        context.warn(
            None,
            &format!("{more} more directories under `plugins/` are not in the manifest"),
        );
    }
}

/// The directories that have more than one entry.
fn twice(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &manifest.plugins {
        *counts.entry(entry.directory.as_str()).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(directory, _)| directory)
}
