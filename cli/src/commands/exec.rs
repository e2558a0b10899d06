//! `atk exec`.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use atk_core::{Error, ErrorKind, ExecOptions, Result, ServerCommand};
use clap::Args;

use super::Context;
use crate::terminal::Terminal;

/// Become the MCP server of a plugin.
///
/// Replaces this process with the command of the plugin's MCP server, in the plugin's directory, with
/// the variables of its .env and the user's overrides. `atk plug` writes this command into the
/// configuration of coding agents, so that no secret is in it. Standard input and output are the
/// server's; the exit code is the server's. With --json, prints what would be started instead,
/// including secrets.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk exec github
  atk exec github -- --read-only")]
pub(crate) struct Exec {
    /// Directory or name of a plugin
    plugin: String,
    /// More arguments for the server
    #[arg(last = true, value_name = "ARG")]
    args: Vec<OsString>,
}

impl Exec {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::passing_streams(context.output);
        let mut options = ExecOptions::default();
        options.answers = context.answers;
        let command = context
            .home
            .exec(&self.plugin, &self.args, &options, &host)?;
        host.late_warnings(&command.warnings);
        if context.output.json() {
            context.output.outcome(&command, |_| String::new())?;
            return Ok(0);
        }
        drop(host);
        Err(replaced_by(&command))
    }
}

/// Replaces this process. Returns only if that fails.
fn replaced_by(command: &ServerCommand) -> Error {
    let mut process = Command::new(&command.program);
    process
        .args(&command.args)
        .current_dir(&command.path)
        .envs(&command.env);
    for name in &command.unset_env {
        process.env_remove(name);
    }
    let cause = process.exec();
    let program = command.program.display();
    let message = format!("cannot start the MCP server: `{program}`: {cause}");
    Error::new(ErrorKind::LifecycleFailed, message)
        .with_plugin(command.directory.as_str())
        .with_path(&command.program)
        .with_cause(cause)
}
