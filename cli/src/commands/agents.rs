//! `atk agents`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;

/// Show the coding agents that plugins can be plugged into.
///
/// Shows every agent that ATK knows, whether it is installed here, the transports that it supports,
/// and the file that holds your MCP servers. Nothing of the agents is run, and no file is changed.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk agents
  atk agents --json | jq '.[] | select(.installed) | .file'")]
pub(crate) struct Agents {}

impl Agents {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let agents = context.home.agents()?;
        context
            .output
            .outcome(&agents, |agents| render::agents(agents))?;
        Ok(0)
    }
}
