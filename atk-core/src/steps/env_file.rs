//! Reads a plugin's `.env`, and says what of the user's files counts for nothing: lines that
//! assign nothing, a `custom` that is a link to nothing.

use super::context::Context;
use crate::error::Result;
use crate::home::{HomeDir, HomePath};
use crate::model::env::EnvFile;
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::text::escape;

/// Reads the file; an empty one without one. The host is warned of lines that assign nothing,
/// by their numbers: their text may be a secret.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`](crate::ErrorKind::HomeInvalid) for a file that cannot be read. It
/// names the file, and nothing of what is in it.
pub(crate) fn read(context: &Context<'_>, home: &HomeDir, plugin: &PluginDir) -> Result<EnvFile> {
    let (file, problems) = read_quietly(home, plugin)?;
    for problem in problems {
        context.warn_once(Some(plugin.as_str()), &problem);
    }
    Ok(file)
}

/// Reads the file, and returns what [`read`] warns of.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_quietly(home: &HomeDir, plugin: &PluginDir) -> Result<(EnvFile, Vec<String>)> {
    let path = HomePath::env(plugin);
    let bytes = home.read(&path)?.unwrap_or_default();
    let file = EnvFile::parse(&bytes).map_err(|error| {
        let message = format!("`{path}` cannot be used: {error}");
        error
            .with_message(message)
            .with_plugin(plugin.as_str())
            .with_path(home.plugin_dir(plugin).join(owned::ANSWERS))
            .with_help(format!(
                "edit `{path}`, or delete it and run `atk setup {plugin}`"
            ))
    })?;
    let problems = file.problems();
    let problems = problems
        .iter()
        .map(|problem| format!("{path}:{}: {problem}", problem.line));
    // Like the answers, the overlay is a file of the user's, and every reader of the one needs the
    // other.
    let dangling = home.dangling_custom(plugin).map(|target| {
        format!(
            "`{}/custom` is a link to `{}`, which does not exist",
            HomePath::plugin(plugin),
            escape(&target.to_string_lossy())
        )
    });
    Ok((file, problems.chain(dangling).collect()))
}
