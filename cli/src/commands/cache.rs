//! `atk cache`.

use std::time::SystemTime;

use atk_core::Result;
use clap::{Args, Subcommand};

use super::Context;
use crate::render;

/// Show or clear the download cache.
///
/// Git objects of the plugins' repositories are kept in the cache, so that nothing is fetched
/// twice. It can be deleted at any time.
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

/// The subcommands of `atk cache`.
#[derive(Subcommand)]
enum CacheAction {
    /// Delete everything in the cache
    Clear,
}
