//! `atk list`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;

/// Show the plugins of the home.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk list
  atk list --json | jq -r '.[].directory'")]
pub(crate) struct List {}

impl List {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let plugins = context.home.list()?;
        context
            .output
            .outcome(&plugins, |plugins| render::list(plugins))?;
        Ok(0)
    }
}
