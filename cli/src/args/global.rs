//! The options that every command takes.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

// The options that every command takes. No doc comment: clap would make it the text of every
// command. No `Debug`: `env` may hold secrets.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Directory of the home [default: $ATK_HOME, else ~/.atk]
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,

    /// URL of the registry [default: $ATK_REGISTRY_URL, else the public one]
    #[arg(long, value_name = "URL", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) registry: Option<String>,

    /// Connect to no server: use what the cache has; what it lacks is an error
    #[arg(long)]
    pub(crate) offline: bool,

    /// Print one JSON document to standard output
    #[arg(long)]
    pub(crate) json: bool,

    /// Write each event as a line of JSON to standard error
    #[arg(long)]
    pub(crate) json_events: bool,

    /// Answer yes to every question about trust or confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,

    /// Trust sources whose URL starts with this (`github.com/my-org/`; `*` for all); also $ATK_TRUST
    #[arg(long, value_name = "PREFIX")]
    pub(crate) trust: Vec<String>,

    /// Set a variable of a plugin; without a value, use that of the environment
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(crate) env: Vec<String>,

    /// Read variables from a file in .env format, - for standard input; --env takes precedence
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<PathBuf>,

    /// Fail if another process holds the home's lock, instead of waiting
    #[arg(long)]
    pub(crate) no_wait: bool,

    /// Print errors and asked-for results only; twice: no errors either
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) quiet: u8,

    /// Print each step
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// When to use colours: auto, always or never [default: auto]
    #[arg(long, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Option<ColorWhen>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

impl GlobalArgs {
    /// Adds the options of a subcommand, which are further right in the line: single values replace,
    /// lists grow.
    pub(super) fn add(&mut self, right: GlobalArgs) {
        self.home = right.home.or(self.home.take());
        self.registry = right.registry.or(self.registry.take());
        self.offline |= right.offline;
        self.json |= right.json;
        self.json_events |= right.json_events;
        self.yes |= right.yes;
        self.trust.extend(right.trust);
        self.env.extend(right.env);
        self.env_file.extend(right.env_file);
        self.no_wait |= right.no_wait;
        self.quiet = self.quiet.saturating_add(right.quiet);
        self.verbose |= right.verbose;
        self.color = right.color.or(self.color);
    }
}

/// The options that decide how a usage error is shown: `--json` and `--color`, found in a line that
/// clap refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EarlyFlags {
    pub(crate) json: bool,
    pub(crate) color: Option<ColorWhen>,
}

impl EarlyFlags {
    /// Reads every word up to `--`.
    pub(crate) fn of(words: &[OsString]) -> EarlyFlags {
        let mut flags = EarlyFlags {
            json: false,
            color: None,
        };
        let mut words = words.iter().map(|word| word.to_str().unwrap_or_default());
        while let Some(word) = words.next() {
            match word {
                "--" => break,
                "--json" => flags.json = true,
                "--color" => flags.color = words.next().and_then(color).or(flags.color),
                _ => {
                    let value = word.strip_prefix("--color=");
                    flags.color = value.and_then(color).or(flags.color);
                }
            }
        }
        flags
    }
}

fn color(value: &str) -> Option<ColorWhen> {
    ColorWhen::from_str(value, false).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_color_are_read_from_a_line_that_is_refused() {
        let flags = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let EarlyFlags { json, color } = EarlyFlags::of(&words);
            (json, color)
        };
        assert_eq!(flags("atk x --json"), (true, None));
        assert_eq!(flags("atk x -- --json"), (false, None));
        assert_eq!(
            flags("atk --color=never --color always"),
            (false, Some(ColorWhen::Always))
        );
        assert_eq!(flags("atk --color"), (false, None));
    }
}
