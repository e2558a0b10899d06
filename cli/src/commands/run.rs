//! `atk run`.

use std::ffi::OsString;

use atk_core::{Result, RunOptions};
use clap::Args;

use super::{Context, exit_status};
use crate::terminal::Terminal;

/// Run a script of a plugin.
///
/// Looks for custom/SCRIPT, custom/SCRIPT.sh, SCRIPT, SCRIPT.sh, in this order, and runs it in
/// the plugin's directory with the plugin's variables. Exits as the script does. Everything
/// behind SCRIPT is the script's, options included; those of ATK stand before it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk run openmemory backup
  atk run openmemory backup --to /srv/backups
  atk run openmemory --quiet backup")]
pub(crate) struct Run {
    /// A plugin, by its directory or name
    plugin: String,
    /// The script, with or without .sh, and what it gets
    // One argument, so that nothing behind its first word is taken for an option of ours.
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

    /// The script's name and what it gets. A name that is no text is none of a script.
    fn split(&self) -> (String, &[OsString]) {
        match self.script_and_args.split_first() {
            Some((script, args)) => (script.to_string_lossy().into_owned(), args),
            None => (String::new(), &[]),
        }
    }
}
