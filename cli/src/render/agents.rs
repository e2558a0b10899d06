//! The outcome of `agents` as text for people.

use atk_core::{AgentStatus, escape};

use super::table::table;

pub(crate) fn agents(agents: &[AgentStatus]) -> String {
    let rows: Vec<_> = agents
        .iter()
        .map(|agent| {
            let transports: Vec<_> = agent.transports.iter().map(|one| one.as_str()).collect();
            let file = agent.file.as_ref();
            [
                agent.id.clone(),
                agent.name.clone(),
                if agent.installed { "yes" } else { "no" }.to_owned(),
                transports.join(" "),
                file.map_or("none on this system".to_owned(), |file| {
                    escape(&file.to_string_lossy())
                }),
            ]
        })
        .collect();
    table(["ID", "AGENT", "INSTALLED", "TRANSPORTS", "FILE"], &rows)
}
