//! `atk fetch`.

use std::path::PathBuf;

use atk_core::{Error, FetchOptions, Result};
use clap::Args;

use super::Context;
use crate::args::commit;
use crate::render;
use crate::terminal::Terminal;

/// Bring a plugin's files into a directory, without adding it.
///
/// Fetches and checks them as `add` does, runs nothing, and touches no home.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk fetch openmemory /tmp/openmemory
  atk fetch github.com/org/tool preview --at 0123456789012345678901234567890123456789")]
pub(crate) struct Fetch {
    /// A path, a git URL, or a plugin of the registry
    source: String,
    /// A directory that does not exist yet, or is empty
    dest: PathBuf,
    /// The commit to fetch, by its full id; the newest if left out
    #[arg(long, value_name = "COMMIT")]
    at: Option<String>,
}

impl Fetch {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = FetchOptions::default();
        options.at = commit(self.at.as_deref())?;
        let dest = std::path::absolute(&self.dest)
            .map_err(|cause| Error::io("cannot use the directory", &self.dest, cause))?;
        let outcome = context.home.fetch(&self.source, &dest, &options, &host)?;
        host.late_warnings(&outcome.warnings);
        context.output.outcome(&outcome, render::fetch)?;
        Ok(0)
    }
}
