//! `atk doctor`.

use atk_core::{CheckState, DoctorOptions, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// The exit status if a problem is left.
const PROBLEM: u8 = 1;

/// Find out what is wrong, and what fixes it.
///
/// Checks the programs that ATK needs, the home and its repository, secrets, plugins, and what is
/// plugged into coding agents. Changes nothing and connects to no server, unless --fix is given. The
/// exit status is 1 if a problem is left.
///
/// With --fix it completes or undoes an interrupted operation, puts the patterns of secrets in
/// .gitignore last, takes tracked secrets out of git (they stay on disk), and lets you alone read .env
/// files. It prints what it is about to do. Everything else it leaves to you.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk doctor
  atk doctor --fix
  atk doctor --json | jq '.checks[] | select(.state != \"ok\")'")]
pub(crate) struct Doctor {
    /// Fix what is safe to fix
    #[arg(long)]
    fix: bool,
}

impl Doctor {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = DoctorOptions::default();
        options.fix = self.fix;
        let diagnosis = context.home.doctor(&options, &host)?;
        context.output.outcome(&diagnosis, render::diagnosis)?;
        let mut left = diagnosis.checks.iter();
        let is_left = left.any(|check| check.state == CheckState::Problem && !check.fixed);
        Ok(if is_left { PROBLEM } else { 0 })
    }
}
