//! `atk logs`.

use atk_core::{LogsOptions, Result};
use clap::Args;

use super::Context;
use crate::terminal::Terminal;

/// Show the logs of a plugin's service.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk logs langfuse")]
pub(crate) struct Logs {
    /// Directory or name of a plugin
    plugin: String,
}

impl Logs {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::passing_streams(context.output);
        let mut options = LogsOptions::default();
        options.answers = context.answers;
        let outcome = context.home.logs(&self.plugin, &options, &host)?;
        context.output.outcome(&outcome, |_| String::new())?;
        Ok(0)
    }
}
