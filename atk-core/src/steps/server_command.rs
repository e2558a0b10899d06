//! The command of a plugin's MCP server, with the values of its variables.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::context::Context;
use super::{env_file, variables};
use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::lifecycle;
use crate::model::mcp::Resolver;
use crate::model::name::PluginDir;
use crate::model::plugin::{Definition, Mcp};
use crate::outcome::ServerCommand;
use crate::process::program::find_program;
use crate::text::escape;

/// Returns the command of the MCP server that a definition declares: in the plugin's directory, with
/// `.env` over the environment. A variable that neither has gets its default.
///
/// # Errors
/// [`ErrorKind::NotDeclared`] if the definition declares no MCP server that is started, or its
/// program is not found; [`ErrorKind::VariablesUnset`].
pub(crate) fn of(
    context: &Context<'_>,
    home: &HomeDir,
    directory: &PluginDir,
    definition: &Definition,
) -> Result<ServerCommand> {
    let (mcp, command) = declared(directory, definition)?;
    let process = context.env();
    let file = env_file::read(context, home, directory)?;
    let outside = |name: &str| Some(process.get(OsStr::new(name))?.to_str()?.to_owned());
    let mut env: BTreeMap<String, String> = file.values_over(&outside).into_iter().collect();

    // What the command sees decides what stands for `$NAME` too.
    let names = definition.env_vars.iter().map(|variable| &variable.name);
    let inherited = names.filter(|name| !env.contains_key(*name));
    let inherited = inherited.filter_map(|name| Some((name.clone(), outside(name)?)));
    let seen: Vec<_> = inherited.chain(env.clone()).collect();
    let dir = home.plugin_dir(directory);
    let dir_text = dir.to_string_lossy();
    let mut resolver = Resolver::with_values(&definition.env_vars, seen, &dir_text);
    let command = resolver.fill(command);
    let args = mcp.args.iter().map(|arg| resolver.fill(arg)).collect();
    let inherits = |name: &str| process.get(OsStr::new(name)).is_some_and(|v| !v.is_empty());
    let missing: Vec<_> = mcp
        .env
        .iter()
        .filter(|name| !inherits(name))
        .cloned()
        .collect();
    env.extend(resolver.environment(&missing));
    let mut unset = resolver.unset();
    let has_default = |name: &String| {
        let variable = definition.env_vars.iter().find(|one| one.name == *name);
        variable.is_some_and(|one| one.default.as_ref().is_some_and(|value| !value.is_empty()))
    };
    for name in variables::unset(&definition.env_vars, &file, &process) {
        if !unset.contains(&name) && !has_default(&name) {
            unset.push(name);
        }
    }
    if !unset.is_empty() {
        return Err(variables::unset_error(directory, unset));
    }

    env.insert("ATK_PLUGIN_DIR".to_owned(), dir_text.into_owned());
    env.insert(
        "ATK_HOME".to_owned(),
        home.root().to_string_lossy().into_owned(),
    );
    let pairs = env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let whole = lifecycle::environment(&process, pairs);
    let program = program(directory, &command, &dir, &whole)?;
    let unset_env = process.keys().filter(|name| !whole.contains_key(*name));
    let unset_env = unset_env
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    Ok(ServerCommand {
        directory: directory.clone(),
        path: dir,
        program,
        args,
        env,
        unset_env,
        warnings: Vec::new(),
    })
}

/// The MCP server of a definition, and its command.
fn declared<'d>(directory: &PluginDir, definition: &'d Definition) -> Result<(&'d Mcp, &'d str)> {
    let name = escape(&definition.name);
    let message = match &definition.mcp {
        Some(mcp) => match &mcp.command {
            Some(command) => return Ok((mcp, command)),
            None => format!(
                "`{name}` has a remote MCP server ({}): there is no command to run",
                mcp.transport.as_str()
            ),
        },
        None => format!("`{name}` declares no MCP server"),
    };
    Err(Error::new(ErrorKind::NotDeclared, message).with_plugin(directory.as_str()))
}

/// The absolute path of the program. A path is relative to the plugin's directory.
fn program(
    directory: &PluginDir,
    command: &str,
    dir: &Path,
    env: &BTreeMap<OsString, OsString>,
) -> Result<PathBuf> {
    let is_path = command.contains('/');
    let named = match is_path {
        true => dir
            .join(command)
            .components()
            .collect::<PathBuf>()
            .to_string_lossy()
            .into_owned(),
        false => command.to_owned(),
    };
    find_program(&named, env).ok_or_else(|| {
        let shown = escape(command);
        let (message, help) = match is_path {
            true => (
                format!(
                    "the program of the MCP server, `{shown}`, does not exist or is not executable"
                ),
                format!("`atk verify {directory}` shows whether files of the plugin are missing"),
            ),
            false => (
                format!("the program of the MCP server, `{shown}`, was not found on the `PATH`"),
                format!("install `{shown}`, or set `PATH` in the plugin's `.env`"),
            ),
        };
        Error::new(ErrorKind::NotDeclared, message)
            .with_plugin(directory.as_str())
            .with_help(help)
    })
}
