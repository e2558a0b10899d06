//! `atk mcp`.

use atk_core::{McpOptions, Result, escape_lines};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Show the MCP server configuration of a plugin.
///
/// Prints the JSON that agents and editors read, with or without --json. It contains the values of
/// variables, including secrets. With --agent, prints the entry for the file of a coding agent in its
/// format, without values: what `atk plug` writes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk mcp github
  atk mcp github | jq .
  atk mcp github --agent codex")]
pub(crate) struct Mcp {
    /// Directory or name of a plugin
    plugin: String,
    /// Id of a coding agent, as `atk agents` shows it
    #[arg(long)]
    agent: Option<String>,
}

impl Mcp {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = McpOptions::default();
        options.agent = self.agent;
        let server = context.home.mcp(&self.plugin, &options)?;
        host.late_warnings(&server.warnings);
        host.late_warnings(&render::unset(&server));
        if let Some(entry) = &server.agent_entry {
            let document = render::agent_document(entry);
            let text = |_: &_| escape_lines(&entry.text);
            context.output.outcome(&document, text)?;
            return Ok(0);
        }
        // The document of an agent's or editor's file, with --json too.
        context
            .output
            .outcome(&render::mcp_document(&server), render::mcp)?;
        Ok(0)
    }
}
