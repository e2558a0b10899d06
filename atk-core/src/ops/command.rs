//! Runs a lifecycle command of a plugin that lies in the home.

use std::ffi::OsStr;

use super::context::Context;
use crate::error::Result;
use crate::home::{HomePath, Locked};
use crate::lifecycle;
use crate::model::env::EnvFile;
use crate::model::lifecycle::{COMPOSE_OVERRIDE, LifecycleEvent, with_compose_override};
use crate::model::name::PluginDir;
use crate::model::plugin::Definition;

/// Runs the command that the definition declares for an event, in the plugin's directory, with
/// `.env` over the environment. False where it declares none.
///
/// # Errors
/// [`crate::ErrorKind::LifecycleFailed`] with exit code and last output;
/// [`crate::ErrorKind::Cancelled`].
pub(crate) fn run(
    context: &Context<'_>,
    locked: &Locked<'_>,
    directory: &PluginDir,
    definition: &Definition,
    event: LifecycleEvent,
) -> Result<bool> {
    let Some(command) = event.command(definition) else {
        return Ok(false);
    };
    let home = locked.home();
    let plugin = HomePath::plugin(directory);
    let has_override = home.exists(&plugin.join(COMPOSE_OVERRIDE)?)?;
    let command = with_compose_override(command, definition, has_override);
    let file = EnvFile::parse(&home.read(&HomePath::env(directory))?.unwrap_or_default())?;
    let process = context.env();
    let outside = |name: &str| {
        let value = process.get(OsStr::new(name))?;
        Some(value.to_str()?.to_owned())
    };
    let values = file.values_over(&outside);
    let secrets: Vec<String> = definition
        .env_vars
        .iter()
        .filter(|variable| variable.secret)
        .filter_map(|secret| values.iter().find(|(name, _)| *name == secret.name))
        .map(|(_, value)| value.clone())
        .filter(|value| !value.is_empty())
        .collect();
    context.step(Some(directory.as_str()), format!("running {event}"));
    let pairs = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let dir = home.plugin_dir(directory);
    let command = lifecycle::Command {
        plugin: directory,
        event: event.name(),
        command_line: &command,
        dir: &dir,
        home: home.root(),
        env: lifecycle::environment(&process, pairs),
        token: locked.token(),
        secrets: &secrets,
    };
    let ended = lifecycle::run(&command, context.host.stdio(), context.scope())?;
    if ended.is_success() {
        return Ok(true);
    }
    Err(lifecycle::failed(directory, event.name(), &ended))
}
