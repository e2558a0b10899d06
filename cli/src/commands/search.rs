//! `atk search`.

use atk_core::Result;
use clap::Args;

use super::Context;
use super::plugins_document::Plugins;
use crate::render;
use crate::terminal::Terminal;

/// Search the registry.
///
/// Shows the plugins whose name or description contains the text, ignoring case.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk search
  atk search memory")]
pub(crate) struct Search {
    /// Part of a name or description [default: all plugins]
    query: Option<String>,
}

impl Search {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let plugins = context.home.search(self.query.as_deref(), &host)?;
        let document = Plugins { plugins };
        context
            .output
            .outcome(&document, |found| render::search(&found.plugins))?;
        Ok(0)
    }
}
