//! `atk hold` and `atk unhold`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Hold a plugin at its commit.
///
/// `atk upgrade --all` then skips it, and `atk upgrade <PLUGIN>` fails, until you release it with
/// `atk unhold` or name a version with `--to`. A plugin that was added at a commit is held.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk hold openmemory
  atk unhold openmemory")]
pub(crate) struct Hold {
    /// Directory or name of a plugin
    plugin: String,
}

/// Release a plugin that is held at its commit.
///
/// `atk upgrade` then brings it to the newest commit of the branch that it follows.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk unhold openmemory")]
pub(crate) struct Unhold {
    /// Directory or name of a plugin
    plugin: String,
}

impl Hold {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let outcome = context.home.hold(&self.plugin, &host)?;
        host.push(outcome.push.as_ref());
        context.output.report(&outcome, render::hold)?;
        Ok(0)
    }
}

impl Unhold {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let outcome = context.home.unhold(&self.plugin, &host)?;
        host.push(outcome.push.as_ref());
        context.output.report(&outcome, render::hold)?;
        Ok(0)
    }
}
