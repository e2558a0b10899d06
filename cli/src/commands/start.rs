//! `atk start`.

use atk_core::{Result, StartOptions};
use clap::Args;

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Start the services of plugins.
///
/// Required variables must be set, and declared ports must be free. A plugin that is already
/// running, according to its status command, is skipped.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk start langfuse
  atk start --all")]
pub(crate) struct Start {
    #[command(flatten)]
    plugins: PluginOrAll,
}

impl Start {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = StartOptions::default();
        options.answers = context.answers;
        let report = context
            .home
            .start(&self.plugins.select(), &options, &host)?;
        finish(context.output, &report, |report| {
            render::ran(report, "started")
        })
    }
}
