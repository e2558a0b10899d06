//! `status`: whether plugins run, and what they lack.
//!
//! It takes no lock, so that it answers while another operation goes on.

use super::command::Place;
use super::context::Context;
use super::list::state;
use super::service::in_use;
use super::{
    Line, LineResult, PortStatus, Report, RunState, Select, ServiceStatus, State, command,
    definition, env_file, home_trust, leftovers, variables,
};
use crate::Atk;
use crate::error::Result;
use crate::home::Home;
use crate::host::Host;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::Entry;

pub(crate) fn run(atk: &Atk, which: &Select, host: &dyn Host) -> Result<Report<ServiceStatus>> {
    let context = Context::begin(atk, host, "status", which.subject());
    let home = context.home()?;
    let manifest = home.manifest()?;
    if matches!(which, Select::All) {
        leftovers::warn(&context, &home, &manifest);
    }
    let entries = which.entries(&manifest)?;
    let runs = home_trust::lets_status_run(&context, &home, &manifest)?;
    let mut lines = Vec::new();
    for entry in entries {
        let status = status(&context, &home, entry, runs);
        let line = Line::of(entry, status.map(|outcome| LineResult::Done { outcome }));
        lines.push(line);
        atk.cancel.check()?;
    }
    Report::of(which, lines)
}

/// Looks at a plugin; its command is only run if the home may run any.
fn status(context: &Context<'_>, home: &Home, entry: &Entry, runs: bool) -> Result<ServiceStatus> {
    let directory = &entry.directory;
    let files = state(home, entry);
    if files == State::Missing {
        return Ok(ServiceStatus {
            state: RunState::Unknown,
            files,
            ports: Vec::new(),
            unset: Vec::new(),
        });
    }
    let (definition, _) = definition::of_installed(home, entry)?;
    let place = Place { home, token: None };
    let event = LifecycleEvent::Status;
    let ended = match runs {
        true => command::ended(context, place, directory, &definition, event)?,
        false => None,
    };
    let file = env_file::read(context, home, directory)?;
    let outside = &context.atk.options.env;
    let unset = variables::unset(&definition.env_vars, &file, outside);
    Ok(ServiceStatus {
        state: match ended {
            None => RunState::Unknown,
            Some(ended) if ended.is_success() => RunState::Running,
            Some(_) => RunState::Stopped,
        },
        files,
        ports: definition
            .ports
            .into_iter()
            .map(|port| PortStatus {
                in_use: in_use(&port),
                port: port.port,
                name: port.name,
                protocol: port.protocol,
            })
            .collect(),
        unset,
    })
}
