//! `show`: everything about an installed plugin. It runs nothing, and connects to no server.

use std::ffi::OsStr;

use crate::error::Result;
use crate::home::{ChangeInProgress, HomeDir};
use crate::model::env::EnvFile;
use crate::model::manifest::Entry;
use crate::model::plugin::{Definition, EnvVar};
use crate::model::versions::Followed;
use crate::outcome::select::installed;
use crate::outcome::{PortStatus, Shown, SourceInfo, State, ValueOrigin, VariableStatus};
use crate::steps::commit_date::commit_date;
use crate::steps::context::Context;
use crate::steps::{
    definition, disk_state, edited_files, env_file, followed, ports, reading, shipped,
};

pub(crate) fn run(context: &Context<'_>, plugin: &str) -> Result<Shown> {
    let home = context.home()?;
    reading::of(context, &home, |manifest, change| {
        let entry = installed(manifest, plugin)?;
        let change = change.filter(|change| change.is_about(entry.directory.as_str()));
        let followed = followed::read(&home)?.of(&entry.directory);
        let mut shown = outline(context, &home, (entry, &followed), change);
        if !matches!(shown.state, State::Busy | State::Missing) {
            fill(context, &home, entry, &mut shown)?;
        }
        Ok(shown)
    })
}

/// What the manifest says.
fn outline(
    context: &Context<'_>,
    home: &HomeDir,
    (entry, followed): (&Entry, &Followed),
    change: Option<&ChangeInProgress>,
) -> Shown {
    Shown {
        name: entry.name.clone(),
        directory: entry.directory.clone(),
        path: home.plugin_dir(&entry.directory),
        source: SourceInfo::of(&entry.source, followed),
        pinned_at: entry
            .source
            .pin
            .as_ref()
            .and_then(|pin| commit_date(context, entry, pin)),
        state: match change {
            Some(_) => State::Busy,
            None => disk_state::state(home, entry),
        },
        operation: change.map(|change| change.operation().to_owned()),
        definition: None,
        variables: Vec::new(),
        ports: Vec::new(),
        skills: Vec::new(),
        scripts: Vec::new(),
        edited: None,
        warnings: Vec::new(),
    }
}

/// What the plugin's files say.
fn fill(context: &Context<'_>, home: &HomeDir, entry: &Entry, shown: &mut Shown) -> Result<()> {
    let directory = &entry.directory;
    shown.edited = edited_files::find(home, directory)?;
    let files = shipped::find(home, directory);
    (shown.skills, shown.scripts) = (files.skills, files.scripts);
    let (definition, warnings) = match definition::of_installed(home, entry) {
        Ok(read) => read,
        Err(error) => {
            shown.warnings.push(error.to_string());
            return Ok(());
        }
    };
    shown.warnings.extend(warnings);
    let (file, problems) = env_file::read_quietly(home, directory)?;
    shown.warnings.extend(problems);
    shown.variables = variables(context, &definition, &file);
    shown.ports = definition.ports.iter().map(port).collect();
    shown.definition = Some(definition);
    Ok(())
}

fn variables(
    context: &Context<'_>,
    definition: &Definition,
    file: &EnvFile,
) -> Vec<VariableStatus> {
    let outside = &context.session.options.env;
    let status = |variable: &EnvVar| {
        let given = |value: &String| !value.is_empty();
        let in_file = file.get(&variable.name).filter(given);
        let in_environment = outside.get(OsStr::new(&variable.name));
        let in_environment = in_environment.map(|value| value.to_string_lossy().into_owned());
        let (value, origin) = match (in_file, in_environment.filter(given)) {
            (Some(value), _) => (Some(value), Some(ValueOrigin::EnvFile)),
            (None, Some(value)) => (Some(value), Some(ValueOrigin::Environment)),
            (None, None) => (None, None),
        };
        VariableStatus {
            name: variable.name.clone(),
            required: variable.required,
            secret: variable.secret,
            is_set: value.is_some(),
            value: value.filter(|_| !variable.secret),
            origin,
        }
    };
    definition.env_vars.iter().map(status).collect()
}

fn port(port: &crate::model::plugin::Port) -> PortStatus {
    PortStatus {
        in_use: ports::in_use(port),
        port: port.port,
        name: port.name.clone(),
        protocol: port.protocol.clone(),
    }
}
