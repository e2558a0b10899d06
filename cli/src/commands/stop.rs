//! `atk stop`.

use atk_core::{Result, StopOptions};
use clap::Args;

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Stop the services of plugins.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk stop langfuse
  atk stop --all                       In the reverse order of the manifest")]
pub(crate) struct Stop {
    #[command(flatten)]
    plugins: PluginOrAll,
}

impl Stop {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = StopOptions::default();
        options.answers = context.answers;
        let report = context.home.stop(&self.plugins.select(), &options, &host)?;
        finish(context.output, &report, |report| {
            render::ran(report, "stopped")
        })
    }
}
