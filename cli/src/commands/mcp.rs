//! `atk mcp`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Show the MCP server configuration of a plugin.
///
/// Prints the JSON that agents and editors read, with or without --json. It contains the values of
/// variables, including secrets.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk mcp github
  atk mcp github | jq .")]
pub(crate) struct Mcp {
    /// Directory or name of a plugin
    plugin: String,
}

impl Mcp {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let server = context.home.mcp(&self.plugin)?;
        host.late_warnings(&server.warnings);
        host.late_warnings(&render::unset(&server));
        // The document of an agent's or editor's file, with --json too.
        context
            .output
            .outcome(&render::mcp_document(&server), render::mcp)?;
        Ok(0)
    }
}
