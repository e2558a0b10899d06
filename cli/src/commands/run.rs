//! `atk run`.

use std::ffi::OsString;

use atk_core::{Result, RunOptions};
use clap::Args;

use super::{Context, exit_status};
use crate::terminal::Terminal;

/// Run a script of a plugin.
///
/// Looks for custom/SCRIPT, custom/SCRIPT.sh, SCRIPT and SCRIPT.sh, in this order, and runs the
/// first one found, in the plugin's directory and with the plugin's variables. Exits with the
/// script's exit code. Everything after SCRIPT is passed to the script, including options; put the
/// options of ATK before it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk run openmemory backup
  atk run openmemory backup --to /srv/backups
  atk run openmemory --quiet backup")]
pub(crate) struct Run {
    /// Directory or name of a plugin
    plugin: String,
    /// The script, with or without .sh, and its arguments
    // One argument, so that clap takes nothing after its first word for an option of ATK.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        required = true,
        value_names = ["SCRIPT", "ARG"],
        num_args = 1..
    )]
    pub(crate) script_and_args: Vec<OsString>,
}

impl Run {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::passing_streams(context.output);
        let (script, args) = self.split();
        let mut options = RunOptions::default();
        options.answers = context.answers;
        let ended = context
            .home
            .run(&self.plugin, &script, args, &options, &host)?;
        context.output.outcome(&ended, |_| String::new())?;
        Ok(exit_status(ended.exit_code))
    }

    /// Returns the script's name and its arguments. A name that is not UTF-8 matches no script.
    fn split(&self) -> (String, &[OsString]) {
        match self.script_and_args.split_first() {
            Some((script, args)) => (script.to_string_lossy().into_owned(), args),
            None => (String::new(), &[]),
        }
    }
}
