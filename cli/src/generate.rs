//! What is made from the command line's own definition: completions and manual pages.

use std::fs;
use std::path::Path;

use atk_core::{Error, Result};

use crate::args;
use crate::output::Output;

/// Writes the completions of a shell to standard output.
///
/// # Errors
/// [`ErrorKind::Io`](atk_core::ErrorKind::Io).
pub(crate) fn completions(shell: clap_complete::Shell, output: &Output) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "atk", &mut script);
    output.text(&String::from_utf8_lossy(&script))
}

/// Writes the manual pages, `atk.1` and one for each command, into a directory.
///
/// # Errors
/// [`ErrorKind::Io`](atk_core::ErrorKind::Io).
pub(crate) fn manual_pages(dir: &Path) -> Result<()> {
    let failed = |cause| Error::io("cannot write the manual pages to", dir, cause);
    fs::create_dir_all(dir).map_err(failed)?;
    clap_mangen::generate_to(args::command(), dir).map_err(failed)
}
