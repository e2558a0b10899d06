//! `atk remove` and `atk uninstall`.

use atk_core::{RemoveOptions, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Remove a plugin with all its files.
///
/// Runs its stop and uninstall commands, deletes its directory, custom/ and .env included,
/// takes it out of the manifest, and commits. What is not committed of it is committed first,
/// and what git does not have then is kept in .git/atk/backups.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk uninstall openmemory
  atk uninstall openmemory --force              Ask nothing
  atk uninstall openmemory --ignore-failures    Go on if its uninstall command fails")]
pub(crate) struct Uninstall {
    #[command(flatten)]
    removal: Removal,
}

/// Remove a plugin with all its files; the same as `uninstall`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk remove openmemory
  atk remove old-tool --force          Also cleans up a directory that belongs to no plugin")]
pub(crate) struct Remove {
    #[command(flatten)]
    removal: Removal,
}

// What both take. No doc comment: clap would make it the text of the commands.
#[derive(Args)]
struct Removal {
    /// A plugin, by its directory or name
    plugin: String,
    /// Ask nothing
    #[arg(short, long)]
    force: bool,
    /// Go on if its uninstall command fails, or if your changes cannot be saved
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
        context.output.outcome(&outcome, render::remove)?;
        Ok(0)
    }
}
