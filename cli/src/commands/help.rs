//! `atk help`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::args;
use crate::render;
use crate::terminal::Terminal;
use crate::topics::{self, TOPICS};

/// Show help for a command or a topic, or the README of a plugin.
///
/// If a command or topic and a plugin have the same name, the help of the command or topic is shown.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk help upgrade
  atk help exit-codes                  Topics: exit-codes, environment, files
  atk help openmemory")]
pub(crate) struct Help {
    /// A command, a topic, or the directory or name of a plugin
    topic: Option<String>,
}

impl Help {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let Context { home, output, .. } = context;
        let mut line = args::command();
        // Without this the usage lacks the program: "Usage: upgrade".
        line.build();
        let command = match &self.topic {
            None => Some(&mut line),
            Some(topic) => line.find_subcommand_mut(topic),
        };
        if let Some(command) = command {
            output.text(&command.render_long_help().ansi().to_string())?;
            return Ok(0);
        }
        let topic = TOPICS
            .iter()
            .find(|topic| Some(topic.name) == self.topic.as_deref());
        if let Some(topic) = topic {
            output.text(&topics::text(topic))?;
            return Ok(0);
        }
        let readme = home.readme(self.topic.as_deref().unwrap_or_default())?;
        if readme.text.is_none() {
            let name = &readme.name;
            let warning = format!("plugin `{name}` has no `README.md`");
            Terminal::new(output).late_warnings(&[warning]);
        }
        output.outcome(&readme, |readme| render::readme(readme, output.renders()))?;
        Ok(0)
    }
}
