//! `atk help`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::args;
use crate::render;
use crate::terminal::Terminal;

/// Show help for a command, or the README of a plugin.
///
/// Where a plugin has the name of a command, the command wins.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk help upgrade
  atk help openmemory")]
pub(crate) struct Help {
    /// A command, or a plugin by its directory or name
    topic: Option<String>,
}

impl Help {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let Context { home, output, .. } = context;
        let mut line = args::command();
        // Without this a subcommand does not know its program: "Usage: upgrade".
        line.build();
        let command = match &self.topic {
            None => Some(&mut line),
            Some(topic) => line.find_subcommand_mut(topic),
        };
        if let Some(command) = command {
            output.text(&command.render_long_help().ansi().to_string())?;
            return Ok(0);
        }
        let readme = home.readme(self.topic.as_deref().unwrap_or_default())?;
        if readme.text.is_none() {
            let name = &readme.name;
            let warning = format!("the plugin `{name}` has no `README.md`");
            Terminal::new(output).late_warnings(&[warning]);
        }
        output.outcome(&readme, |readme| render::readme(readme, output.renders()))?;
        Ok(0)
    }
}
