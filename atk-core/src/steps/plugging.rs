//! Writes the MCP servers of plugins into the files of agents, and takes them away again.

pub(crate) mod book;
pub(crate) mod decision;
pub(crate) mod entry_write;
pub(crate) mod launcher;
pub(crate) mod replug;
pub(crate) mod server;
pub(crate) mod states;
pub(crate) mod unplugging;
pub(crate) mod wanted;

use std::path::PathBuf;

use self::book::Book;
use self::decision::{Decision, Planned};
use self::server::PluginServer;
use self::wanted::Wanted;
use super::context::Context;
use super::installed_agents;
use crate::agents::agent::Agent;
use crate::agents::entry::Form;
use crate::agents::location::Surroundings;
use crate::agents::target::Target;
use crate::error::Result;
use crate::outcome::{EntryChange, Plugged, PluggedEntry};
use crate::text::escape;

/// The agents that are meant. If they were not named, the host is told which they are.
///
/// # Errors
/// Those of [`installed_agents::selected`].
pub(crate) fn agents(
    context: &Context<'_>,
    wanted: Wanted<'_>,
    surroundings: Surroundings<'_>,
) -> Result<Vec<&'static Agent>> {
    let agents = installed_agents::selected(wanted.agents, surroundings)?;
    if wanted.agents.is_empty() {
        let names: Vec<_> = agents.iter().map(|agent| agent.name).collect();
        context.tell(None, &format!("agents found: {}", names.join(", ")));
    }
    Ok(agents)
}

/// Plans what is written for a plugin.
///
/// # Errors
/// [`ErrorKind::AgentEntryForeign`], [`ErrorKind::AgentUnsupported`],
/// [`ErrorKind::AgentFileInvalid`], [`ErrorKind::VariablesUnset`]: if one agent cannot have the
/// entry, none gets it.
pub(crate) fn plan(
    book: &Book<'_>,
    server: &PluginServer,
    agents: &[&'static Agent],
    wanted: Wanted<'_>,
    surroundings: Surroundings<'_>,
) -> Result<Vec<Planned>> {
    let mut planned: Vec<Planned> = Vec::new();
    for agent in agents {
        let name = server.directory.as_str();
        let next = match Target::new(agent, name, wanted.project, surroundings) {
            Some(target) => {
                let mut others = planned.iter().filter_map(Planned::written);
                match others.find(|other| other.path == target.path) {
                    Some(other) => Planned::shared(agent, name, other),
                    None => decision::decide(book, server, target, wanted)?,
                }
            }
            None => Planned::without_file(agent, name, wanted.project.is_some()),
        };
        planned.push(next);
    }
    Ok(planned)
}

/// Carries a plan out: every entry of it or none.
///
/// # Errors
/// Those of the files. What was written before the failure is taken back.
pub(crate) fn carry_out(
    context: &Context<'_>,
    book: &mut Book<'_>,
    server: &PluginServer,
    planned: Vec<Planned>,
) -> Result<Vec<PluggedEntry>> {
    let mut entries = Vec::new();
    let mut done = Vec::new();
    for planned in planned {
        let mut entry = planned.outcome(server);
        let written = context
            .session
            .cancel
            .check()
            .and_then(|()| write(context, book, server, &planned, &mut entry));
        match written {
            Ok(change) => done.extend(change),
            Err(error) => {
                book.take_back(context, done);
                return Err(error);
            }
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn write(
    context: &Context<'_>,
    book: &mut Book<'_>,
    server: &PluginServer,
    planned: &Planned,
    outcome: &mut PluggedEntry,
) -> Result<Option<book::Done>> {
    let Decision::Write(write) = &planned.decision else {
        return Ok(None);
    };
    let plugin = server.directory.as_str();
    if let Some(old) = &write.replaces_foreign {
        let name = format!("{}-{plugin}.json", write.target.agent.id);
        let text = serde_json::to_vec_pretty(old).unwrap_or_default();
        outcome.backup = Some(book.locked()?.back_up_bytes(plugin, &name, &text)?);
    }
    let secrets = match write.form {
        Form::Values => server.secrets_in(&write.value),
        Form::Exec | Form::References => Vec::new(),
    };
    if !secrets.is_empty() {
        let file = escape(&write.target.path.to_string_lossy());
        let text = format!("`{file}` now holds the values of: {}", secrets.join(", "));
        context.warn(Some(plugin), &text);
    }
    book.write(server, write).map(Some)
}

/// The outcome of a plan that is not carried out.
pub(crate) fn outcome(server: &PluginServer, planned: &[Planned]) -> Plugged {
    let entries = planned.iter().map(|planned| planned.outcome(server));
    Plugged {
        entries: entries.collect(),
        warnings: Vec::new(),
    }
}

impl Planned {
    /// The target that is written.
    fn written(&self) -> Option<&Target> {
        match &self.decision {
            Decision::Write(write) => Some(&write.target),
            Decision::Nothing { .. } => None,
        }
    }

    fn outcome(&self, server: &PluginServer) -> PluggedEntry {
        let (change, reason, content) = match &self.decision {
            Decision::Write(write) => {
                let shown = server.shown(&write.value, write.form);
                (write.change, None, Some(shown))
            }
            Decision::Nothing { change, reason } => (*change, reason.clone(), None),
        };
        PluggedEntry {
            agent: self.agent.id.to_owned(),
            file: self.file.clone(),
            entry: server.directory.as_str().to_owned(),
            change,
            reason,
            content,
            backup: None,
        }
    }

    fn shared(agent: &'static Agent, name: &str, other: &Target) -> Planned {
        Planned::skipped(
            agent,
            Some(other.path.clone()),
            format!("the entry `{name}` for {} serves it too", other.agent.name),
        )
    }

    fn without_file(agent: &'static Agent, name: &str, is_project: bool) -> Planned {
        let why = match is_project {
            true => format!("{} has no file for the servers of a project", agent.name),
            false => format!("{} has no file for `{name}` on this system", agent.name),
        };
        Planned::skipped(agent, None, why)
    }

    fn skipped(agent: &'static Agent, file: Option<PathBuf>, reason: String) -> Planned {
        Planned {
            agent,
            file,
            decision: Decision::Nothing {
                change: EntryChange::Skipped,
                reason: Some(reason),
            },
        }
    }
}
