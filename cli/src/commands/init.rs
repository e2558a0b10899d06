//! `atk init`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use atk_core::{GitUrl, InitOptions, Result};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Create the home, or clone it from its repository.
///
/// Creates the directory, a git repository in it and an empty manifest. An existing home is not
/// changed. With a URL, the home is cloned; nothing of it runs: continue with atk setup --all and
/// atk install --all, or use atk bootstrap.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk init
  atk init ~/dotfiles/atk              A home inside the dotfiles
  atk init git@example.com:me/atk-home.git
  atk init --adopt ~/old-home          A directory that has a manifest but no repository")]
pub(crate) struct Init {
    /// Directory of the home, same as --home; or URL of the home's git repository
    #[arg(value_name = "DIRECTORY|URL")]
    url: Option<OsString>,
    /// Directory of the home, after a URL
    #[arg(value_name = "DIRECTORY", requires = "url")]
    directory: Option<PathBuf>,
    /// Keep and commit a manifest that already exists
    #[arg(long)]
    pub(crate) adopt: bool,
}

impl Init {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = InitOptions::default();
        options.adopt = self.adopt;
        options.url = self.url().map(str::to_owned);
        let outcome = context.home.init(&options, &host)?;
        context.output.report(&outcome, render::init)?;
        Ok(0)
    }

    /// The directory that the words name, if they name one.
    pub(crate) fn directory(&self) -> Option<PathBuf> {
        match self.url() {
            Some(_) => self.directory.clone(),
            None => self.url.as_ref().map(PathBuf::from),
        }
    }

    /// True if there is a second word, and the first is not a URL.
    pub(crate) fn has_two_directories(&self) -> bool {
        self.url().is_none() && self.directory.is_some()
    }

    fn url(&self) -> Option<&str> {
        let text = self.url.as_ref()?.to_str()?;
        let is_path = text.starts_with(['/', '.', '~']) || Path::new(text).exists();
        (!is_path && GitUrl::parse(text).is_ok()).then_some(text)
    }
}
