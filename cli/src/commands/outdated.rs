//! `atk outdated`.

use std::time::SystemTime;

use atk_core::{LineResult, Outdated as Standing, Report, Result, VersionState};
use clap::Args;

use super::Context;
use crate::args::OptionalPlugin;
use crate::render;
use crate::terminal::Terminal;

/// The exit status of `--exit-code` if a plugin is behind.
const DIFFERS: u8 = 12;

/// Show which plugins have newer versions.
///
/// Asks every source once, all at once, and compares the plugin's own files: a commit that changes
/// other files of the repository counts as current. Fetches no files and changes nothing. The states
/// are: current, behind, held (a newer version exists, and the plugin is held), moved (its tag points
/// to another commit now), gone (the branch, tag, plugin or repository), unknown.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk outdated
  atk outdated openmemory --json
  atk outdated --exit-code             For scripts: 12 if a plugin is behind")]
pub(crate) struct Outdated {
    #[command(flatten)]
    plugins: OptionalPlugin,
    /// Exit with 12 if a plugin is behind
    #[arg(long)]
    exit_code: bool,
}

impl Outdated {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let report = context.home.outdated(&self.plugins.select(), &host)?;
        let now = SystemTime::now();
        context
            .output
            .outcome(&report, |report| render::outdated(report, now))?;
        Ok(match self.exit_code && has_newer(&report) {
            true => DIFFERS,
            false => 0,
        })
    }
}

fn has_newer(report: &Report<Standing>) -> bool {
    report.plugins.iter().any(|line| match &line.result {
        LineResult::Done { outcome } => outcome.state == VersionState::Behind,
        LineResult::Skipped { .. } | LineResult::Failed { .. } => false,
    })
}
