//! The agents, and the project, that a command is about.

use std::path::PathBuf;

use clap::Args;

// The agents that a command is about. No doc comment: clap would make it the text of the commands.
#[derive(Args)]
pub(crate) struct AgentsAndProject {
    /// Id of a coding agent, as `atk agents` shows it; can be repeated
    #[arg(
        long = "to",
        visible_alias = "agent",
        value_name = "AGENT",
        value_delimiter = ','
    )]
    pub(crate) agents: Vec<String>,
    /// Use the files of the project in this directory, not those of the user
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
}

impl AgentsAndProject {
    /// The project's directory as the library takes it.
    pub(crate) fn project(&self) -> Option<String> {
        let project = self.project.as_ref();
        project.map(|project| project.to_string_lossy().into_owned())
    }
}
