//! `atk upgrade`.

use atk_core::{LineResult, Result, UpgradeOptions};
use clap::Args;

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Upgrade plugins to the newest commits of their sources.
///
/// Replaces changed files and keeps yours, runs the install command, and commits. If you edited a
/// file of the plugin itself, your version is kept in a backup. If the commands changed, ATK asks
/// again whether to trust them. If anything fails, the plugin is as it was before.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk upgrade openmemory
  atk upgrade --all
  atk upgrade --all --dry-run")]
pub(crate) struct Upgrade {
    #[command(flatten)]
    plugins: PluginOrAll,
    /// Show what would change, without changing anything
    #[arg(long)]
    dry_run: bool,
}

impl Upgrade {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let plugins = self.plugins.select();
        if self.dry_run {
            let report = context.home.plan_upgrade(&plugins, &host)?;
            return finish(context.output, &report, render::plans);
        }
        let mut options = UpgradeOptions::default();
        options.answers = context.answers;
        let report = context.home.upgrade(&plugins, &options, &host)?;
        for line in &report.plugins {
            if let LineResult::Done { outcome } = &line.result {
                host.push(outcome.push.as_ref());
            }
        }
        finish(context.output, &report, render::upgrade)
    }
}
