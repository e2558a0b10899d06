//! `atk plug`.

use atk_core::{PlanPlugOptions, PlugOptions, Result};
use clap::Args;

use super::{Context, finish};
use crate::args::{AgentsAndProject, PluginOrAll};
use crate::render;
use crate::terminal::Terminal;

/// Plug the MCP servers and skills of plugins into coding agents.
///
/// Writes one entry into each agent's file and leaves every other byte of it as it is. The agent
/// starts `atk exec <plugin>`, so that no secret is in its file; `atk unplug` restores the file.
/// Without --to, every agent that is installed gets the entry. An entry of the same name that ATK did
/// not write is an error (see --adopt), an edited one stays as it is (see --force).
///
/// A plugin with a valid SKILL.md also gets a link in the directory that the agent loads skills from: to
/// a copy of the files that the plugin ships, without its .env and custom/.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk plug github
  atk plug github --to claude,codex
  atk plug github --to vscode --project .
  atk plug --all --dry-run")]
pub(crate) struct Plug {
    #[command(flatten)]
    plugins: PluginOrAll,
    #[command(flatten)]
    place: AgentsAndProject,
    /// Write the values of variables into the files, secrets included
    #[arg(long, conflicts_with = "refs")]
    values: bool,
    /// Write the plugin's own command, with references to variables of the agent's environment
    #[arg(long)]
    refs: bool,
    /// Take over entries and skills of the same name that ATK did not write
    #[arg(long = "adopt")]
    adopt_entries: bool,
    /// Replace entries and skills that were edited
    #[arg(long = "force")]
    overwrite_edited: bool,
    /// Place copies of skills instead of links
    #[arg(long = "copy")]
    copy_skills: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Plug {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let project = self.place.project();
        let which = self.plugins.select();
        let report = if self.dry_run {
            let mut options = PlanPlugOptions::default();
            options.agents = self.place.agents;
            options.project = project;
            (options.values, options.refs) = (self.values, self.refs);
            options.adopt_entries = self.adopt_entries;
            options.overwrite_edited = self.overwrite_edited;
            options.copy_skills = self.copy_skills;
            context.home.plan_plug(&which, &options, &host)?
        } else {
            let mut options = PlugOptions::default();
            options.agents = self.place.agents;
            options.project = project;
            (options.values, options.refs) = (self.values, self.refs);
            options.adopt_entries = self.adopt_entries;
            options.overwrite_edited = self.overwrite_edited;
            options.copy_skills = self.copy_skills;
            context.home.plug(&which, &options, &host)?
        };
        finish(context.output, &report, |report| {
            render::plugged(report, self.dry_run)
        })
    }
}
