//! `atk install`.

use atk_core::{InstallOptions, Result};
use clap::Args;

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Bring plugins to the commits that the manifest pins, and run their install commands.
///
/// With --all this makes the clone of a home work on a new machine. On a machine where nothing
/// of the home has run yet, shows every source and command and asks whether to trust the home;
/// a script that answers nothing goes on. Neither the manifest nor the history changes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk install openmemory
  git clone git@example.com:me/atk-home.git ~/.atk && atk setup --all && atk install --all")]
pub(crate) struct Install {
    #[command(flatten)]
    plugins: PluginOrAll,
}

impl Install {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = InstallOptions::default();
        options.answers = context.answers;
        let report = context
            .home
            .install(&self.plugins.select(), &options, &host)?;
        finish(context.output, &report, render::install)
    }
}
