//! `atk validate`.

use atk_core::{Result, ValidateOptions};
use clap::{Args, ValueEnum};

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// The exit status of a plugin that is not valid.
const INVALID: u8 = 5;

/// Check a plugin that you write: everything that is wrong with it, at once.
///
/// Checks the definition and its overlay, the paths, sizes and links of all files, the scripts and
/// variables that commands name, secrets, skills and more. Each finding has its place, its rule and how
/// to correct it; findings that need nothing done are printed with -v. Without a source, it is the plugin that the working directory belongs to: the nearest
/// directory upwards with a `plugin.yaml` or an `.atk`. Nothing is run or changed. The exit status is 5
/// if there is an error.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk validate
  atk validate ./my-tool --strict
  atk validate github.com/org/tool@v1.2
  atk validate --format sarif > atk.sarif      For a code host")]
pub(crate) struct Validate {
    /// A directory, a `plugin.yaml`, a git URL or a registry name [default: the working directory's]
    source: Option<String>,
    /// Count warnings too: a plugin with one is not valid
    #[arg(long)]
    strict: bool,
    /// How to print the findings: text, json or sarif
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    format: Format,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
}

impl Validate {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = ValidateOptions::default();
        options.strict = self.strict;
        let source = self.source.as_deref();
        let outcome = context.home.validate(source, &options, &host)?;
        match self.format {
            Format::Text => {
                let verbose = context.output.verbose();
                context
                    .output
                    .outcome(&outcome, |outcome| render::validation(outcome, verbose))?;
            }
            Format::Json => context.output.document(&outcome)?,
            Format::Sarif => context.output.document(&outcome.to_sarif())?,
        }
        Ok(if outcome.valid { 0 } else { INVALID })
    }
}
