//! `atk remove` and `atk uninstall`.

use atk_core::{RemoveOptions, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Remove a plugin and all its files.
///
/// Runs its stop and uninstall commands, deletes its directory including custom/ and .env, removes
/// it from the manifest, and commits. Uncommitted changes of the plugin are committed first; files
/// that git still does not have are kept in .git/atk/backups.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk uninstall openmemory
  atk uninstall openmemory --force              Do not ask for confirmation
  atk uninstall openmemory --ignore-failures    Continue if its uninstall command fails")]
pub(crate) struct Uninstall {
    #[command(flatten)]
    removal: Removal,
}

/// Remove a plugin and all its files; same as `uninstall`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk remove openmemory
  atk remove old-tool --force          Also deletes a directory that belongs to no plugin")]
pub(crate) struct Remove {
    #[command(flatten)]
    removal: Removal,
}

// The arguments of both. No doc comment: clap would make it the text of the commands.
#[derive(Args)]
struct Removal {
    /// Directory or name of a plugin
    plugin: String,
    /// Do not ask for confirmation
    #[arg(short, long)]
    force: bool,
    /// Continue if its uninstall command fails or your changes cannot be saved
    #[arg(long)]
    ignore_failures: bool,
}

impl Uninstall {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        self.removal.run(context)
    }
}

impl Remove {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        self.removal.run(context)
    }
}

impl Removal {
    fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = RemoveOptions::default();
        options.answers = context.answers;
        options.force = self.force;
        options.ignore_failures = self.ignore_failures;
        let outcome = context.home.remove(&self.plugin, &options, &host)?;
        host.push(outcome.push.as_ref());
        context.output.report(&outcome, render::remove)?;
        Ok(0)
    }
}
