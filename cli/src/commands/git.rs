//! `atk git`.

use std::ffi::OsString;

use atk_core::Result;
use clap::Args;

use super::{Context, exit_status};
use crate::terminal::Terminal;

/// Run git in the home.
///
/// Exits with git's exit code. Everything after `git` is passed to git, including options; put the
/// options of ATK before it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk git log --oneline
  atk git remote add origin git@example.com:me/atk-home.git
  atk git push -u origin main")]
pub(crate) struct Git {
    /// Arguments of git
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARG"
    )]
    pub(crate) args: Vec<OsString>,
}

impl Git {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::passing_streams(context.output);
        let ended = context.home.git(&self.args, &host)?;
        context.output.outcome(&ended, |_| String::new())?;
        Ok(exit_status(ended.exit_code))
    }
}
