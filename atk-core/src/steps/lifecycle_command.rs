//! Runs a lifecycle command of a plugin that lies in the home.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::compose::Compose;
use super::context::Context;
use super::env_file;
use crate::error::Result;
use crate::home::{HomeDir, HomePath, LockedHome};
use crate::host::Phase;
use crate::lifecycle::{self, Ended, Program, Script};
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::model::plugin::Definition;
use crate::text::escape;

/// The home that a command runs in, and the token of its lock where it is held.
#[derive(Clone, Copy)]
pub(crate) struct CommandHome<'a> {
    pub(crate) home: &'a HomeDir,
    pub(crate) token: Option<&'a str>,
}

impl<'a> From<&'a LockedHome<'_>> for CommandHome<'a> {
    fn from(locked: &'a LockedHome<'_>) -> Self {
        CommandHome {
            home: locked.home(),
            token: Some(locked.tokens()),
        }
    }
}

/// The command of a lifecycle event, ready to run on any thread.
pub(crate) struct PreparedCommand {
    plugin: String,
    event: LifecycleEvent,
    line: String,
    surroundings: CommandSurroundings,
}

/// What a plugin's programs run in.
struct CommandSurroundings {
    dir: PathBuf,
    home: PathBuf,
    env: BTreeMap<OsString, OsString>,
    token: Option<String>,
    secrets: Vec<String>,
}

impl PreparedCommand {
    /// The command, to be run.
    pub(crate) fn command(&self) -> lifecycle::Command<'_> {
        let program = Program::Line(&self.line);
        self.surroundings
            .command(&self.plugin, self.event.name(), program)
    }
}

impl CommandSurroundings {
    fn of(
        context: &Context<'_>,
        place: CommandHome<'_>,
        directory: &PluginDir,
        definition: &Definition,
    ) -> Result<Self> {
        let process = context.env();
        let file = env_file::read(context, place.home, directory)?;
        let outside = |name: &str| Some(process.get(OsStr::new(name))?.to_str()?.to_owned());
        let values = file.values_over(&outside);
        let pairs = values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        Ok(CommandSurroundings {
            dir: place.home.plugin_dir(directory),
            home: place.home.root().to_owned(),
            env: lifecycle::environment(&process, pairs),
            token: place.token.map(str::to_owned),
            secrets: secrets(definition, &values),
        })
    }

    fn command<'a>(
        &'a self,
        plugin: &'a str,
        event: &'a str,
        program: Program<'a>,
    ) -> lifecycle::Command<'a> {
        lifecycle::Command {
            plugin,
            event,
            program,
            dir: &self.dir,
            home: &self.home,
            env: self.env.clone(),
            token: self.token.as_deref(),
            secrets: &self.secrets,
        }
    }
}

/// Prepares the command that the definition declares for an event: in the plugin's directory, with
/// `.env` over the environment, and with the user's compose override. None if it declares none.
///
/// # Errors
/// [`crate::ErrorKind::Io`] and others for a `.env` that cannot be read.
pub(crate) fn prepare<'p>(
    context: &Context<'_>,
    place: impl Into<CommandHome<'p>>,
    directory: &PluginDir,
    definition: &Definition,
    event: LifecycleEvent,
) -> Result<Option<PreparedCommand>> {
    let Some(command) = event.command(definition) else {
        return Ok(None);
    };
    let surroundings = CommandSurroundings::of(context, place.into(), directory, definition)?;
    let compose = Compose {
        dir: &surroundings.dir,
        plugin: directory,
        definition,
        event,
        env: &surroundings.env,
    };
    let (line, warnings) = compose.with_override(command);
    // Who only asks how things are has done nothing that a warning could be about.
    for warning in warnings.iter().filter(|_| event != LifecycleEvent::Status) {
        context.warn(Some(directory.as_str()), warning);
    }
    Ok(Some(PreparedCommand {
        plugin: directory.as_str().to_owned(),
        event,
        line,
        surroundings,
    }))
}

/// Runs the command that the definition declares for an event. False if it declares none.
///
/// # Errors
/// [`crate::ErrorKind::LifecycleFailed`] with exit code and last output;
/// [`crate::ErrorKind::Cancelled`].
pub(crate) fn run<'p>(
    context: &Context<'_>,
    place: impl Into<CommandHome<'p>>,
    directory: &PluginDir,
    definition: &Definition,
    event: LifecycleEvent,
) -> Result<bool> {
    let Some(prepared) = prepare(context, place, directory, definition, event)? else {
        return Ok(false);
    };
    context.step(
        Some(directory.as_str()),
        Phase::Running,
        format!("running {event}"),
    );
    let stdio = context.host.stdio();
    let ended = lifecycle::run(&prepared.command(), stdio, context.scope())?;
    if ended.is_success() {
        Ok(true)
    } else {
        Err(lifecycle::failed(directory, event.name(), &ended))
    }
}

/// Runs a script of a plugin, in its directory and with its variables. `shown` is its path in
/// messages, `name` what the user called it.
///
/// # Errors
/// [`crate::ErrorKind::NotDeclared`] if it cannot run;
/// [`crate::ErrorKind::LifecycleFailed`] if the system refuses to start it;
/// [`crate::ErrorKind::Cancelled`].
pub(crate) fn run_script(
    context: &Context<'_>,
    place: CommandHome<'_>,
    (directory, definition): (&PluginDir, &Definition),
    (name, shown): (&str, &HomePath),
    args: &[OsString],
) -> Result<Ended> {
    let surroundings = CommandSurroundings::of(context, place, directory, definition)?;
    let file = place.home.root().join(shown.as_path());
    let search = surroundings.env.get(OsStr::new("PATH"));
    let script = Script::check(&file, &shown.to_string(), search.map(|path| &**path))
        .map_err(|error| error.with_plugin(directory.as_str()))?;
    let program = Program::Script(&script, args);
    let command = surroundings.command(directory.as_str(), name, program);
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

/// Warns of a plugin that has no command for an event.
pub(crate) fn warn_not_declared(context: &Context<'_>, entry: &Entry, event: LifecycleEvent) {
    let text = format!("`{}` declares no `{event}` command", escape(&entry.name));
    context.warn(Some(entry.directory.as_str()), &text);
}
