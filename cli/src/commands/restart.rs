//! `atk restart`.

use atk_core::{RestartOptions, Result};
use clap::Args;

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Restart the services of plugins.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk restart langfuse
  atk restart --all")]
pub(crate) struct Restart {
    #[command(flatten)]
    plugins: PluginOrAll,
}

impl Restart {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = RestartOptions::default();
        options.answers = context.answers;
        let report = context
            .home
            .restart(&self.plugins.select(), &options, &host)?;
        finish(context.output, &report, |report| {
            render::ran(report, "restarted")
        })
    }
}
