//! `atk bootstrap`.

use atk_core::{BootstrapOptions, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Bring a home to this machine: clone it, set its variables, install its plugins.
///
/// Clones the home from its repository unless it is there, asks for the required variables that
/// have no value, and installs all plugins. Can be repeated. If nothing of the home has run on this
/// machine yet, ATK shows every source and command and asks whether to trust the home.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk bootstrap git@example.com:me/atk-home.git
  atk bootstrap git@example.com:me/atk-home.git --env-file answers.env -y
  atk bootstrap                        Again, in a home that is there")]
pub(crate) struct Bootstrap {
    /// URL or path of the home's git repository [default: none, for a home that is there]
    url: Option<String>,
}

impl Bootstrap {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = BootstrapOptions::default();
        options.answers = context.answers;
        let outcome = context
            .home
            .bootstrap(self.url.as_deref(), &options, &host)?;
        context.output.report(&outcome, render::bootstrap)?;
        if !context.output.json() {
            let failures: Vec<_> = outcome.failures().collect();
            let of = outcome.plugins.len();
            context.output.tell(&render::failures(&failures, of));
        }
        Ok(u8::from(!outcome.is_success()))
    }
}
