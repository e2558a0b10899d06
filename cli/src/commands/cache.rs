//! `atk cache`.

use std::time::SystemTime;

use atk_core::Result;
use clap::{Args, Subcommand};

use super::Context;
use crate::render;

/// Show or clear what fetching has kept.
///
/// Objects of the repositories that plugins came from are kept, so that nothing is fetched
/// twice. They may be deleted at any time.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk cache
  atk cache clear")]
pub(crate) struct Cache {
    #[command(subcommand)]
    action: Option<CacheAction>,
}

impl Cache {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let Context { home, output, .. } = context;
        match self.action {
            None => {
                let now = SystemTime::now();
                output.outcome(&home.cache()?, |report| render::cache(report, now))?;
            }
            Some(CacheAction::Clear) => output.outcome(&home.clear_cache()?, render::cleared)?,
        }
        Ok(0)
    }
}

/// What to do with the cache.
#[derive(Subcommand)]
enum CacheAction {
    /// Delete everything in it
    Clear,
}
