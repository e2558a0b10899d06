//! `atk unplug`.

use atk_core::{Result, UnplugOptions};
use clap::Args;

use super::{Context, finish};
use crate::args::{AgentsAndProject, PluginOrAll};
use crate::render;
use crate::terminal::Terminal;

/// Remove what `atk plug` wrote.
///
/// Removes the entries from the files of all agents, or of those named with --to, and then what was
/// created for them: each file is as it was before. An edited entry stays (see --force). A skill goes
/// when the last agent that it was placed for is unplugged. The lines that the Python tool wrote into
/// CLAUDE.md and AGENTS.md for the plugin's skill are removed too.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk unplug github
  atk unplug github --to claude
  atk unplug --all")]
pub(crate) struct Unplug {
    #[command(flatten)]
    plugins: PluginOrAll,
    #[command(flatten)]
    place: AgentsAndProject,
    /// Remove entries and skills that were edited, too
    #[arg(long = "force")]
    overwrite_edited: bool,
}

impl Unplug {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = UnplugOptions::default();
        options.project = self.place.project();
        options.agents = self.place.agents;
        options.overwrite_edited = self.overwrite_edited;
        let report = context
            .home
            .unplug(&self.plugins.select(), &options, &host)?;
        finish(context.output, &report, |report| {
            render::plugged(report, false)
        })
    }
}
