//! `exec`: the command of a plugin's MCP server, for a process that becomes it.
//!
//! It takes no lock: the server runs for as long as an agent does.

use std::ffi::{OsStr, OsString};

use crate::error::{Error, ErrorKind, Result};
use crate::outcome::{Select, ServerCommand};
use crate::steps::context::Context;
use crate::steps::{definition, home_trust, reading, server_command};

pub(crate) fn run(context: &Context<'_>, plugin: &str, args: &[OsString]) -> Result<ServerCommand> {
    let args = args
        .iter()
        .map(|arg| text(arg))
        .collect::<Result<Vec<_>>>()?;

    // 1. Find the plugin, and read its definition with the user's overlay.
    let home = context.home()?;
    let (entry, definition) = reading::of_plugin(context, &home, plugin, |entry| {
        let (definition, _) = definition::of_installed(&home, entry)?;
        Ok((entry.clone(), definition))
    })?;

    // 2. Make sure that the home may run what it has.
    home_trust::require_for(context, &home, &Select::One(plugin.to_owned()))?;

    // 3. Put the values of the variables in.
    let mut command = server_command::of(context, &home, &entry.directory, &definition)?;
    command.args.extend(args);
    Ok(command)
}

fn text(arg: &OsStr) -> Result<String> {
    arg.to_str().map(str::to_owned).ok_or_else(|| {
        let message = "an argument for the MCP server is not UTF-8";
        Error::new(ErrorKind::InvalidArgument, message)
    })
}
