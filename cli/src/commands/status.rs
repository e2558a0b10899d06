//! `atk status`.

use std::time::{Duration, SystemTime};

use atk_core::{Result, StatusOptions};
use clap::Args;

use super::Context;
use crate::args::OptionalPlugin;
use crate::render;
use crate::terminal::Terminal;

/// Show the state of plugins and of the home's repository.
///
/// Shows which plugins run and what they lack (files, variables). Runs their status commands, all
/// at once. Does not use the network: what is shown of the remote is from the last fetch, pull or
/// push. If the home is not trusted on this machine yet, ATK asks on a terminal; without a terminal
/// it runs no status command.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk status
  atk status langfuse --json
  atk status --timeout 60              For slow status commands")]
pub(crate) struct Status {
    #[command(flatten)]
    plugins: OptionalPlugin,
    /// Time limit of each status command [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) timeout: Option<Duration>,
}

impl Status {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::hiding_streams(context.output);
        let mut options = StatusOptions::default();
        options.answers = context.answers;
        let report = context
            .home
            .status(&self.plugins.select(), &options, &host)?;
        let now = SystemTime::now();
        context
            .output
            .outcome(&report, |report| render::status(report, now))?;
        Ok(u8::from(!report.is_success()))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse().map_err(|_| "not a number".to_owned())?;
    match Duration::try_from_secs_f64(number) {
        Ok(time) if !time.is_zero() => Ok(time),
        Ok(_) | Err(_) => Err("must be greater than 0".to_owned()),
    }
}
