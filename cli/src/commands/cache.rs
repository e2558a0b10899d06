//! `atk cache`.

use std::time::SystemTime;

use atk_core::{ClearCacheOptions, Result};
use clap::{Args, Subcommand};

use super::Context;
use crate::render;

/// Show or clear the download cache, and the home's trash.
///
/// Git objects of the plugins' repositories are kept in the cache, so that nothing is fetched
/// twice. It can be deleted at any time. The trash holds the .env files of plugins that were removed
/// less than 30 days ago, so that a removal can be undone.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk cache
  atk cache clear
  atk cache clear --trash")]
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
            Some(CacheAction::Clear { trash }) => {
                let mut options = ClearCacheOptions::default();
                options.trash = trash;
                let held = home.clear_cache(&options)?;
                output.outcome(&held, |report| render::cleared(report, trash))?;
            }
        }
        Ok(0)
    }
}

/// The subcommands of `atk cache`.
#[derive(Subcommand)]
enum CacheAction {
    /// Delete everything in the cache
    Clear {
        /// Delete the .env files of removed plugins too: undo then brings none back
        #[arg(long)]
        trash: bool,
    },
}
