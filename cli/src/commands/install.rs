//! `atk install`.

use atk_core::{InstallOptions, Result};
use clap::Args;

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Install plugins at the commits pinned in the manifest.
///
/// Fetches files that are missing or outdated, and runs the install commands. With --all this makes
/// a cloned home work on a new machine. If nothing of the home has run on this machine yet, ATK
/// shows every source and command and asks whether to trust the home; without an answer, as in a
/// script, it continues. Neither the manifest nor the git history changes.
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
