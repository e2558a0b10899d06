//! `agents`: the coding agents that ATK knows, and which of them are installed here.

use crate::agents::agent::{Agent, Content, Entries, FileFormat, Reference};
use crate::agents::known::KNOWN;
use crate::error::Result;
use crate::model::plugin::Transport;
use crate::outcome::{AgentFormat, AgentStatus};
use crate::steps::context::Context;
use crate::steps::installed_agents;

pub(crate) fn run(context: &Context<'_>) -> Result<Vec<AgentStatus>> {
    let env = context.env();
    let surroundings = installed_agents::surroundings(context, &env);
    let status = |agent: &&Agent| AgentStatus {
        id: agent.id.to_owned(),
        name: agent.name.to_owned(),
        installed: installed_agents::is_installed(agent, surroundings),
        file: surroundings.first(agent.user_files.here()),
        project_file: agent.project_files.first().map(|file| (*file).to_owned()),
        format: match agent.format {
            FileFormat::Json => AgentFormat::Json,
            FileFormat::Toml => AgentFormat::Toml,
            FileFormat::Yaml => AgentFormat::Yaml,
        },
        key: match agent.entries {
            Entries::Keys(path) | Entries::List { path, .. } => path.join("."),
        },
        transports: transports(agent),
        reference: reference(agent),
    };
    Ok(KNOWN.iter().map(status).collect())
}

fn transports(agent: &Agent) -> Vec<Transport> {
    let all = [Transport::Stdio, Transport::Http, Transport::Sse];
    let has = |transport: &Transport| agent.shape(*transport).is_some();
    all.into_iter().filter(has).collect()
}

fn reference(agent: &Agent) -> Option<String> {
    match agent.reference {
        Reference::None => None,
        Reference::Between(..) => agent.reference.to("NAME"),
        Reference::Names => {
            let field = agent.stdio.iter();
            let mut field = field.filter(|(_, content)| *content == Content::EnvNames);
            field.next().map(|(key, _)| (*key).to_owned())
        }
    }
}
