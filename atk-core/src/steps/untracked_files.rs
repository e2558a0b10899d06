//! What the commit of a new local plugin leaves out: a clone of the home will not have it.

use super::context::Context;
use super::unsaved_files::{UnsavedFiles, UnsavedScope};
use crate::error::{Error, ErrorKind, Result};
use crate::home::{HomePath, LockedHome};
use crate::model::name::PluginDir;
use crate::model::owned;

/// Names in warnings what git will not have of a plugin whose files are in place.
///
/// # Errors
/// [`ErrorKind::ContentRefused`] if `commits`, and the definition would not be in the commit; those
/// of [`UnsavedFiles::left_out`].
pub(crate) fn warn(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    plugin: &PluginDir,
    commits: bool,
) -> Result<()> {
    let cancel = &context.session.cancel;
    let untracked =
        UnsavedFiles::left_out(locked.repository(), plugin, UnsavedScope::Whole, cancel)?;
    let is_definition = |path: &&std::path::PathBuf| {
        path.as_os_str().is_empty()
            || owned::DEFINITIONS
                .iter()
                .any(|name| path.as_os_str() == *name)
    };
    if commits && untracked.paths().any(|path| is_definition(&path)) {
        return Err(ignored_definition(locked, plugin));
    }
    for (reason, paths) in untracked.by_reason() {
        let warning = format!(
            "a clone of the home will not have {} ({reason})",
            paths.names()
        );
        context.warn(Some(plugin.as_str()), &warning);
    }
    Ok(())
}

fn ignored_definition(locked: &LockedHome<'_>, plugin: &PluginDir) -> Error {
    let path = HomePath::plugin(plugin);
    let message = format!(
        "git ignores the definition in `{path}`: a clone of the home would not have the plugin"
    );
    Error::new(ErrorKind::ContentRefused, message)
        .with_plugin(plugin.as_str())
        .with_path(locked.home().plugin_dir(plugin))
        .with_help(format!(
            "run `atk git check-ignore -v {path}/plugin.yaml` to find the rule, then remove it"
        ))
}
