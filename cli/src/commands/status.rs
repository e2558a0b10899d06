//! `atk status`.

use std::time::{Duration, SystemTime};

use atk_core::{Result, StatusOptions};
use clap::Args;

use super::Context;
use crate::args::OptionalPlugin;
use crate::render;
use crate::terminal::Terminal;

/// Show whether plugins run, what they lack, and the state of the home's repository.
///
/// Runs the status commands of the plugins, all at once. Does not use the network: what the
/// remote has is known from the last fetch, pull or push.
/// In a home that is not trusted on this machine yet, asks on a terminal, and elsewhere runs
/// no status command.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk status
  atk status langfuse --json
  atk status --timeout 60              For status commands that take long")]
pub(crate) struct Status {
    #[command(flatten)]
    plugins: OptionalPlugin,
    /// How long each status command may take [default: 10]
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
        Ok(_) | Err(_) => Err("must be more than 0".to_owned()),
    }
}
