//! `atk search`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Search the registries.
///
/// Shows the plugins whose name or description contains the text, ignoring case. If there are several
/// registries (`atk registry list`), the names are shown with that of the registry, as `atk add` takes them.
/// With --offline, the last known index of each registry is searched.
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
        let found = context.home.search(self.query.as_deref(), &host)?;
        context.output.outcome(&found, render::search)?;
        Ok(0)
    }
}
