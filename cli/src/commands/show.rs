//! `atk show`.

use std::time::SystemTime;

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Show everything about an installed plugin.
///
/// Shows its source and pin, commands, variables, ports, MCP server, skills and scripts, and the
/// files that you edited. Runs nothing and does not use the network. Values of secrets are hidden.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk show openmemory
  atk show openmemory --json | jq .definition.lifecycle")]
pub(crate) struct Show {
    /// Directory or name of a plugin
    plugin: String,
}

impl Show {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let shown = context.home.show(&self.plugin)?;
        host.late_warnings(&shown.warnings);
        let now = SystemTime::now();
        context
            .output
            .outcome(&shown, |shown| render::show(shown, now))?;
        Ok(0)
    }
}
