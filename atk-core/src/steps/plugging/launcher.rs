//! What starts a plugin's server by way of ATK.

use super::super::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::name::PluginDir;
use crate::process::program::find_program;

/// The program and the arguments that start the server of a plugin: `atk exec <plugin>`, with the
/// home unless it is the default.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if there is no `atk` command.
pub(crate) fn command(
    context: &Context<'_>,
    home: &HomeDir,
    plugin: &PluginDir,
) -> Result<Vec<String>> {
    let options = &context.session.options;
    let found = || find_program("atk", &context.env());
    let program = options.atk.clone().or_else(found).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidArgument,
            "the `atk` command, which agents start, was not found on the `PATH`",
        )
        .with_help("install it, or set its path in the option `atk`")
    })?;
    let program = program.to_string_lossy().into_owned();
    let mut command = vec![program, "exec".to_owned(), plugin.to_string()];
    let default = options.user_home.as_ref().map(|user| user.join(".atk"));
    let default = default.and_then(|default| default.canonicalize().ok());
    if default.as_deref() != Some(home.root()) {
        let root = home.root().to_string_lossy().into_owned();
        command.extend(["--home".to_owned(), root]);
    }
    Ok(command)
}
