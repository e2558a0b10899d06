//! `atk man`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use atk_core::{Error, Result};
use clap::Args;
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};

use crate::args;
use crate::topics::TOPICS;

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
        let mut command = args::command();
        command.build();
        pages(&command, &self.dir).map_err(failed)?;
        Ok(0)
    }
}

/// Writes the page of a command, and those of the commands below it.
fn pages(command: &clap::Command, dir: &Path) -> io::Result<()> {
    let page = Page::new(command.clone().disable_help_flag(true));
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if command.has_subcommands() {
        page.render_subcommands_section(&mut text)?;
    }
    examples(command).to_writer(&mut text)?;
    for topic in TOPICS {
        let mut section = Roff::new();
        section.control("SH", [topic.heading]);
        for (term, meaning) in topic.terms {
            section.control("TP", []);
            section.text([bold(*term)]);
            section.text([roman(*meaning)]);
        }
        section.to_writer(&mut text)?;
    }
    if command.get_version().is_some() {
        page.render_version_section(&mut text)?;
    }
    fs::write(dir.join(page.get_filename()), text)?;
    for below in command.get_subcommands() {
        pages(below, dir)?;
    }
    Ok(())
}

/// The examples of a command, which its help ends with.
fn examples(command: &clap::Command) -> Roff {
    let mut section = Roff::new();
    let lines = args::examples(command);
    if lines.is_empty() {
        return section;
    }
    section.control("SH", ["EXAMPLES"]);
    section.control("nf", []);
    for line in lines {
        section.text([roman(line)]);
    }
    section.control("fi", []);
    section
}
