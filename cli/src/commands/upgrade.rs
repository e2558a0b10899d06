//! `atk upgrade`.

use atk_core::{LineResult, PlanUpgradeOptions, Report, Result, Skip, UpgradeOptions, UpgradePlan};
use clap::Args;

use super::{Context, finish};
use crate::args::{self, PluginOrAll};
use crate::render;
use crate::terminal::Terminal;

/// The exit status of `--exit-code` if there is something to upgrade.
const DIFFERS: u8 = 12;

/// Upgrade plugins to the newest commits of what they follow.
///
/// A plugin follows the default branch of its source, or the branch that it was added at. One at a tag
/// stays there, and it is an error if the tag has moved. One that is held is skipped; --to names
/// another version of it.
///
/// Replaces changed files and keeps yours, runs the install command, and commits. If you edited a
/// file of the plugin itself, your version is kept in a backup. If the commands changed, ATK asks
/// again whether to trust them. If anything fails, the plugin is as it was before.
///
/// Each plan that --dry-run shows has an id. With --plan, the upgrade makes exactly these changes:
/// if the source has moved on since, it fails and changes nothing.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk upgrade openmemory
  atk upgrade --all
  atk upgrade --all --dry-run
  atk upgrade --all --dry-run --exit-code   For scripts: 12 if there is something to upgrade
  atk upgrade openmemory --plan 1f0c...     Exactly the plan that --dry-run showed
  atk upgrade openmemory --to v1.2          A branch, tag or commit of your choice")]
pub(crate) struct Upgrade {
    #[command(flatten)]
    plugins: PluginOrAll,
    /// Change to this branch, tag or commit, which may be older; it is followed from then on
    #[arg(long, value_name = "REVISION", conflicts_with = "all")]
    to: Option<String>,
    /// Carry out this plan only, by its id from --dry-run; can be repeated
    #[arg(long, value_name = "ID", conflicts_with = "dry_run")]
    plan: Vec<String>,
    /// Show what would change, without changing anything
    #[arg(long)]
    dry_run: bool,
    /// With --dry-run, exit with 12 if something would change
    #[arg(long, requires = "dry_run")]
    exit_code: bool,
}

impl Upgrade {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let plugins = self.plugins.select();
        let to = args::commit("--to", self.to.as_deref())?;
        if self.dry_run {
            let mut options = PlanUpgradeOptions::default();
            options.to = to;
            let report = context.home.plan_upgrade(&plugins, &options, &host)?;
            let differs = self.exit_code && would_change(&report);
            return match finish(context.output, &report, render::plans)? {
                0 if differs => Ok(DIFFERS),
                status => Ok(status),
            };
        }
        let mut options = UpgradeOptions::default();
        options.to = to;
        options.plan = (!self.plan.is_empty()).then_some(self.plan);
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

fn would_change(report: &Report<UpgradePlan>) -> bool {
    let mut lines = report.plugins.iter();
    lines.any(|line| match &line.result {
        LineResult::Done { .. } => true,
        LineResult::Skipped { reason } => *reason == Skip::OnlyFollows,
        LineResult::Failed { .. } => false,
    })
}
