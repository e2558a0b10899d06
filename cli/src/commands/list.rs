//! `atk list`.

use atk_core::Result;
use clap::Args;

use super::Context;
use super::plugins_document::Plugins;
use crate::render;

/// Show the plugins of the home.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk list
  atk list --json | jq -r '.plugins[].directory'")]
pub(crate) struct List {}

impl List {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let plugins = context.home.list()?;
        let document = Plugins { plugins };
        context
            .output
            .outcome(&document, |listed| render::list(&listed.plugins))?;
        Ok(0)
    }
}
