//! `atk init`.

use std::path::PathBuf;

use atk_core::{InitOptions, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Create the home.
///
/// Creates the directory, a git repository in it and an empty manifest. An existing home is not
/// changed.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk init
  atk init ~/dotfiles/atk              A home inside the dotfiles
  atk init --adopt ~/old-home          A directory that has a manifest but no repository")]
pub(crate) struct Init {
    /// Directory of the home; same as --home
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: Option<PathBuf>,
    /// Keep and commit a manifest that already exists
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
