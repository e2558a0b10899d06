//! `atk mcp`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Show the MCP server configuration of a plugin.
///
/// As agents and editors take it, with or without --json. It holds the values of variables,
/// secrets included.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk mcp github
  atk mcp github | jq .")]
pub(crate) struct Mcp {
    /// A plugin, by its directory or name
    plugin: String,
}

impl Mcp {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let server = context.home.mcp(&self.plugin)?;
        host.late_warnings(&server.warnings);
        host.late_warnings(&render::unset(&server));
        // Ready for an agent's or editor's file, whichever way it is asked for.
        context
            .output
            .outcome(&render::mcp_document(&server), render::mcp)?;
        Ok(0)
    }
}
