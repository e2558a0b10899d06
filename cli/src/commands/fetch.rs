//! `atk fetch`.

use std::path::PathBuf;

use atk_core::{Error, FetchOptions, Result};
use clap::Args;

use super::Context;
use crate::args::commit;
use crate::render;
use crate::terminal::Terminal;

/// Fetch a plugin's files into a directory, without adding it.
///
/// Fetches and checks the files as `add` does. It runs no command and does not change the home.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk fetch openmemory /tmp/openmemory
  atk fetch github.com/org/mono//tools/x@v1.2 preview")]
pub(crate) struct Fetch {
    /// A registry name, a git URL or a path
    source: String,
    /// Target directory; must be empty or not exist yet
    dest: PathBuf,
    /// A branch, a tag or the full id of a commit; the source may say it itself, after `@`
    #[arg(long, value_name = "REVISION")]
    at: Option<String>,
}

impl Fetch {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = FetchOptions::default();
        options.at = commit("--at", self.at.as_deref())?;
        let dest = std::path::absolute(&self.dest)
            .map_err(|cause| Error::io("cannot use the directory", &self.dest, cause))?;
        let outcome = context.home.fetch(&self.source, &dest, &options, &host)?;
        host.late_warnings(&outcome.warnings);
        context.output.outcome(&outcome, render::fetch)?;
        Ok(0)
    }
}
