//! The agents that ATK knows. A new one is a file here and a line in each list.

use super::agent::Agent;

mod auggie;
mod claude;
mod claude_desktop;
mod cline;
mod codex;
mod continue_dev;
mod copilot;
mod cursor;
mod gemini;
mod goose;
mod kiro;
mod opencode;
mod roo;
mod vscode;
mod windsurf;
mod zed;

/// Every agent, in the order of the documentation.
pub(crate) const KNOWN: &[&Agent] = &[
    &claude::AGENT,
    &claude_desktop::AGENT,
    &codex::AGENT,
    &cursor::AGENT,
    &vscode::AGENT,
    &copilot::AGENT,
    &gemini::AGENT,
    &opencode::AGENT,
    &goose::AGENT,
    &zed::AGENT,
    &windsurf::AGENT,
    &cline::AGENT,
    &roo::AGENT,
    &auggie::AGENT,
    &kiro::AGENT,
    &continue_dev::AGENT,
];

/// The agent of an id.
pub(crate) fn find(id: &str) -> Option<&'static Agent> {
    KNOWN.iter().copied().find(|agent| agent.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::agent::{Content, Entries, Reference};

    #[test]
    fn ids_are_unique_and_each_agent_is_complete() {
        let mut ids: Vec<_> = KNOWN.iter().map(|agent| agent.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 16);
        for agent in KNOWN {
            let has = |content| agent.stdio.iter().any(|(_, one)| *one == content);
            assert!(
                has(Content::Argv) || has(Content::Command) && has(Content::Args),
                "{}",
                agent.id
            );
            assert!(has(Content::Env), "{}", agent.id);
            assert_eq!(
                has(Content::EnvNames),
                agent.reference == Reference::Names,
                "{}",
                agent.id
            );
            assert!(agent.new_file.is_empty() || agent.new_file.ends_with('\n'));
            if let Entries::List { by, .. } = agent.entries {
                assert!(agent.stdio.contains(&(by, Content::Name)), "{}", agent.id);
            }
        }
    }
}
