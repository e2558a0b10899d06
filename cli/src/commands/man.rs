//! `atk man`.

use std::fs;
use std::path::PathBuf;

use atk_core::{Error, Result};
use clap::Args;

use crate::args;

/// Write the manual pages into a directory.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk man ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Target directory; created if it does not exist
    dir: PathBuf,
}

impl Man {
    pub(super) fn run(self) -> Result<u8> {
        let failed = |cause| Error::io("cannot write the manual pages to", &self.dir, cause);
        fs::create_dir_all(&self.dir).map_err(failed)?;
        clap_mangen::generate_to(args::command(), &self.dir).map_err(failed)?;
        Ok(0)
    }
}
