//! `atk setup`.

use atk_core::{Result, SetupOptions};
use clap::Args;

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Set the variables of plugins.
///
/// Asks for every variable, offering its current value or default, and writes the answers to the
/// plugin's .env. In a fresh clone of a home, the plugins' files are fetched first.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk setup openmemory
  atk setup --all
  atk setup langfuse --env LANGFUSE_HOST=http://localhost:3000 < /dev/null")]
pub(crate) struct Setup {
    #[command(flatten)]
    plugins: PluginOrAll,
}

impl Setup {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = SetupOptions::default();
        options.answers = context.answers;
        let report = context
            .home
            .setup(&self.plugins.select(), &options, &host)?;
        finish(context.output, &report, render::setup)
    }
}
