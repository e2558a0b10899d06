//! Runs a lifecycle command of a plugin that lies in the home.

use std::ffi::OsStr;

use super::context::Context;
use super::env_file;
use crate::error::Result;
use crate::home::{Home, HomePath, Locked};
use crate::lifecycle::{self, Ended, Program};
use crate::model::lifecycle::{COMPOSE_OVERRIDE, LifecycleEvent, with_compose_override};
use crate::model::name::PluginDir;
use crate::model::plugin::Definition;

/// The home that a command runs in, and the token of its lock where it is held.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) home: &'a Home,
    pub(crate) token: Option<&'a str>,
}

impl<'a> From<&'a Locked<'_>> for Place<'a> {
    fn from(locked: &'a Locked<'_>) -> Self {
        Place {
            home: locked.home(),
            token: Some(locked.token()),
        }
    }
}

/// Runs the command that the definition declares for an event, in the plugin's directory, with
/// `.env` over the environment. False where it declares none.
///
/// # Errors
/// [`crate::ErrorKind::LifecycleFailed`] with exit code and last output;
/// [`crate::ErrorKind::Cancelled`].
pub(crate) fn run<'p>(
    context: &Context<'_>,
    place: impl Into<Place<'p>>,
    directory: &PluginDir,
    definition: &Definition,
    event: LifecycleEvent,
) -> Result<bool> {
    match ended(context, place, directory, definition, event)? {
        None => Ok(false),
        Some(ended) if ended.is_success() => Ok(true),
        Some(ended) => Err(lifecycle::failed(directory, event.name(), &ended)),
    }
}

/// The same, where every end of the command is an answer. None where the definition declares no
/// such command.
///
/// # Errors
/// [`crate::ErrorKind::LifecycleFailed`] where it cannot be started;
/// [`crate::ErrorKind::Cancelled`].
pub(crate) fn ended<'p>(
    context: &Context<'_>,
    place: impl Into<Place<'p>>,
    directory: &PluginDir,
    definition: &Definition,
    event: LifecycleEvent,
) -> Result<Option<Ended>> {
    let Some(command) = event.command(definition) else {
        return Ok(None);
    };
    let place = place.into();
    let has_override = place
        .home
        .exists(&HomePath::plugin(directory).join(COMPOSE_OVERRIDE)?)?;
    let line = with_compose_override(command, definition, has_override);
    let program = Program::Line(&line);
    context.step(Some(directory.as_str()), format!("running {event}"));
    start(context, place, directory, definition, event.name(), program).map(Some)
}

/// Runs a program of a plugin, in its directory and with its variables.
///
/// # Errors
/// As [`ended`].
pub(crate) fn start(
    context: &Context<'_>,
    place: Place<'_>,
    directory: &PluginDir,
    definition: &Definition,
    what: &str,
    program: Program<'_>,
) -> Result<Ended> {
    let process = context.env();
    let file = env_file::read(context, place.home, directory)?;
    let outside = |name: &str| Some(process.get(OsStr::new(name))?.to_str()?.to_owned());
    let values = file.values_over(&outside);
    let pairs = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let command = lifecycle::Command {
        plugin: directory.as_str(),
        event: what,
        program,
        dir: &place.home.plugin_dir(directory),
        home: place.home.root(),
        env: lifecycle::environment(&process, pairs),
        token: place.token,
        secrets: &secrets(definition, &values),
    };
    lifecycle::run(&command, context.host.stdio(), context.scope())
}

/// Values that must not be seen in what is kept of the output.
fn secrets(definition: &Definition, values: &[(String, String)]) -> Vec<String> {
    let declared = definition.env_vars.iter();
    declared
        .filter(|variable| variable.secret)
        .filter_map(|secret| values.iter().find(|(name, _)| *name == secret.name))
        .map(|(_, value)| value.clone())
        .filter(|value| !value.is_empty())
        .collect()
}
