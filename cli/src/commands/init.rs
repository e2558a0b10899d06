//! `atk init`.

use std::path::PathBuf;

use atk_core::{InitOptions, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Create the home.
///
/// Makes the directory, a git repository in it and an empty manifest. A home that is there
/// already is left as it is.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk init
  atk init ~/dotfiles/atk              A home beside the dotfiles
  atk init --adopt ~/old-home          A directory with a manifest, but without a repository")]
pub(crate) struct Init {
    /// The home's directory; the same as --home
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: Option<PathBuf>,
    /// Keep and commit a manifest that is there already
    #[arg(long)]
    pub(crate) adopt: bool,
}

impl Init {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = InitOptions::default();
        options.adopt = self.adopt;
        let outcome = context.home.init(&options, &host)?;
        context.output.outcome(&outcome, render::init)?;
        Ok(0)
    }
}
