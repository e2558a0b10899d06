//! `atk cache`.

use std::time::SystemTime;

use atk_core::{ClearCacheOptions, Result};
use clap::{Args, Subcommand};

use super::{Context, finish};
use crate::args::PluginOrAll;
use crate::render;
use crate::terminal::Terminal;

/// Show, fill, move or clear the download cache; show the home's trash.
///
/// Git objects of the plugins' repositories are kept in the cache, so that nothing is fetched
/// twice. It can be deleted at any time. To install plugins on a machine without a network, fetch and
/// export on another machine, and import the file. The trash holds the .env files of plugins that were removed
/// less than 30 days ago, so that a removal can be undone.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk cache
  atk cache fetch --all
  atk cache export cache.tar
  atk cache import cache.tar && atk install --all
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
            Some(CacheAction::Fetch { plugins }) => {
                let host = Terminal::new(output);
                let report = home.cache_fetch(&plugins.select(), &host)?;
                return finish(output, &report, render::cache_fetched);
            }
            Some(CacheAction::Export { file }) => {
                let exported = home.cache_export(&file, &Terminal::new(output))?;
                output.outcome(&exported, render::cache_exported)?;
            }
            Some(CacheAction::Import { file }) => {
                let imported = home.cache_import(&file, &Terminal::new(output))?;
                output.outcome(&imported, render::cache_imported)?;
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
    /// Fetch into the cache what the home pins and the cache lacks
    Fetch {
        #[command(flatten)]
        plugins: PluginOrAll,
    },
    /// Write what the cache holds, private repositories too, into a new file
    Export {
        /// The file; it must not exist
        #[arg(value_hint = clap::ValueHint::FilePath)]
        file: String,
    },
    /// Add what an exported file has to the cache
    Import {
        /// The file
        #[arg(value_hint = clap::ValueHint::FilePath)]
        file: String,
    },
    /// Delete everything in the cache
    Clear {
        /// Delete the .env files of removed plugins too: undo then brings none back
        #[arg(long)]
        trash: bool,
    },
}
