//! `status`: whether plugins run, what they lack, and the state of the home's repository.
//!
//! It takes no lock, so that it answers while another operation goes on.

use crate::error::{Error, Result};
use crate::home::HomeDir;
use crate::host::Phase;
use crate::lifecycle::Ended;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::Entry;
use crate::model::plugin::Definition;
use crate::outcome::{
    LineResult, PortStatus, Report, RepositoryStatus, RunState, Select, ServiceStatus, State,
    StatusReport, UnknownReason,
};
use crate::steps::context::Context;
use crate::steps::disk_state::state;
use crate::steps::lifecycle_command::{CommandHome, PreparedCommand};
use crate::steps::ports::in_use;
use crate::steps::{
    concurrent_commands, definition, env_file, home_trust, leftovers, lifecycle_command, reading,
    variables,
};

pub(crate) fn run(context: &Context<'_>, which: &Select) -> Result<StatusReport> {
    let home = context.home()?;
    let manifest = home.manifest()?;
    let runs = home_trust::lets_status_run(context, &home, &manifest)?;
    // 1. What the files say, and the command that says the rest.
    let (manifest, entries, looked) = reading::of(context, &home, |manifest, change| {
        let entries: Vec<Entry> = which.entries(manifest)?.into_iter().cloned().collect();
        let mut looked = Vec::new();
        for entry in &entries {
            let is_busy = change.is_some_and(|change| change.is_about(entry.directory.as_str()));
            looked.push(match is_busy {
                true => Ok((unknown(UnknownReason::Busy, State::Busy), None)),
                false => look(context, &home, entry, runs),
            });
            context.session.cancel.check()?;
        }
        Ok((manifest.clone(), entries, looked))
    })?;
    if matches!(which, Select::All) {
        leftovers::warn(context, &home, &manifest);
    }
    let mut lines: Vec<Result<ServiceStatus>> = Vec::new();
    let mut asked: Vec<usize> = Vec::new();
    let mut commands: Vec<PreparedCommand> = Vec::new();
    for (place, looked) in looked.into_iter().enumerate() {
        lines.push(looked.map(|(status, command)| {
            asked.extend(command.is_some().then_some(place));
            commands.extend(command);
            status
        }));
    }
    // 2. All commands at once.
    for place in &asked {
        let plugin = entries.get(*place).map(|entry| entry.directory.as_str());
        context.step(plugin, Phase::Running, "running status");
    }
    let ends = concurrent_commands::run(context, &commands, context.session.options.status_timeout);
    context.session.cancel.check()?;
    for (place, end) in asked.into_iter().zip(ends) {
        if let Some(line) = lines.get_mut(place) {
            let looked = std::mem::replace(line, Err(Error::cancelled()));
            *line = looked.and_then(|looked| Ok(looked.with_end(&end?)));
        }
    }
    let plugins = entries.iter().zip(lines);
    let report = Report::of_each(which, plugins, |_, status| {
        status.map(|outcome| LineResult::Done { outcome })
    })?;
    // 3. The repository. What is wrong with it does not hide the plugins.
    Ok(StatusReport {
        plugins: report.plugins,
        repository: repository(context, &home),
        warnings: Vec::new(),
    })
}

fn repository(context: &Context<'_>, home: &HomeDir) -> Option<RepositoryStatus> {
    match home.overview() {
        Ok(status) => Some(status),
        Err(error) => {
            let help = error.details().help.as_ref();
            let help = help.map_or(String::new(), |help| format!("; {help}"));
            let text = format!("the state of the repository is unknown: {error}{help}");
            context.warn(None, &text);
            None
        }
    }
}

/// What is known without running anything, and the command that tells whether the plugin runs, if
/// the home may run any.
fn look(
    context: &Context<'_>,
    home: &HomeDir,
    entry: &Entry,
    runs: bool,
) -> Result<(ServiceStatus, Option<PreparedCommand>)> {
    let directory = &entry.directory;
    let files = state(home, entry);
    if files == State::Missing {
        return Ok((unknown(UnknownReason::FilesMissing, files), None));
    }
    let (definition, _) = definition::of_installed(home, entry)?;
    let place = CommandHome { home, token: None };
    let event = LifecycleEvent::Status;
    let command = lifecycle_command::prepare(context, place, directory, &definition, event)?;
    let file = env_file::read(context, home, directory)?;
    let outside = &context.session.options.env;
    let unset = variables::unset(&definition.env_vars, &file, outside);
    let has_service = has_service(&definition);
    let ports = definition.ports.into_iter().map(|port| PortStatus {
        in_use: in_use(&port),
        port: port.port,
        name: port.name,
        protocol: port.protocol,
    });
    let reason = match command {
        Some(_) if !runs => UnknownReason::HomeNotTrusted,
        None if !has_service => UnknownReason::NoService,
        Some(_) | None => UnknownReason::NoCommand,
    };
    let status = ServiceStatus {
        state: RunState::Unknown,
        unknown: Some(reason),
        files,
        ports: ports.collect(),
        unset,
    };
    Ok((status, command.filter(|_| runs)))
}

/// True if a plugin has something that runs, or not.
fn has_service(definition: &Definition) -> bool {
    let lifecycle = &definition.lifecycle;
    let commands = [
        &lifecycle.start,
        &lifecycle.stop,
        &lifecycle.status,
        &lifecycle.logs,
        &lifecycle.health_endpoint,
    ];
    definition.service.is_some()
        || !definition.ports.is_empty()
        || commands.into_iter().any(Option::is_some)
}

/// The status of a plugin that cannot be looked into.
fn unknown(reason: UnknownReason, files: State) -> ServiceStatus {
    ServiceStatus {
        state: RunState::Unknown,
        unknown: Some(reason),
        files,
        ports: Vec::new(),
        unset: Vec::new(),
    }
}

impl ServiceStatus {
    /// The same with what the end of the `status` command says.
    fn with_end(mut self, ended: &Ended) -> Self {
        (self.state, self.unknown) = if ended.timed_out {
            (RunState::Unknown, Some(UnknownReason::TimedOut))
        } else if ended.is_success() {
            (RunState::Running, None)
        } else {
            (RunState::Stopped, None)
        };
        self
    }
}
