//! The command line: what can be typed, and what was.

mod everywhere;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use everywhere::{ColorWhen, Everywhere, Glimpse};

/// What was typed, understood.
pub(crate) struct Invocation {
    /// What to do.
    pub(crate) command: Command,
    /// The options that every command takes, wherever in the line they stood.
    pub(crate) everywhere: Everywhere,
}

/// Installs, pins and upgrades the tools around AI-assisted development.
///
/// A plugin is a directory with a `plugin.yaml`: an MCP server, a local service, an agent skill.
/// Your plugins live in one git repository, the home (`~/.atk`), whose manifest pins each of them
/// to a commit.
#[derive(Parser)]
#[command(
    name = "atk",
    version,
    disable_help_subcommand = true,
    args_override_self = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = EXAMPLES
)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  atk init                          Create the home ~/.atk
  atk add openmemory                Add a plugin of the registry
  atk add github.com/org/tool       Add a tool that brings its own .atk/ directory
  atk add ./my-tool                 Add a plugin of your own
  atk list                          Show what is there";

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create the home.
    ///
    /// Makes the directory, a git repository in it and an empty manifest. A home that is there
    /// already is left as it is.
    #[command(after_help = "\
Examples:
  atk init
  atk init --home ~/work/atk")]
    Init,

    /// Add a plugin to the home.
    ///
    /// Fetches the plugin's files and checks them, asks whether to trust a source that is new and
    /// for the variables that the plugin needs, puts the files in place, runs the plugin's install
    /// command, and commits. Where anything fails, the home is as it was before.
    #[command(after_help = "\
Examples:
  atk add openmemory
  atk add github.com/org/tool --trust github.com/org/
  atk add git@example.com:team/tool.git --at 0123456789012345678901234567890123456789
  atk add ./my-tool
  atk add langfuse --env LANGFUSE_HOST=http://localhost:3000 --env-file secrets.env -y")]
    Add(Add),

    /// Show the plugins of the home.
    #[command(after_help = "\
Examples:
  atk list
  atk list --json | jq -r '.[].directory'")]
    List,

    /// Say what a source means, without fetching it.
    ///
    /// In this order: a path by its look (`./tool`, `~/tool`, `/srv/tool`); a path that exists; a
    /// git URL (`https://`, `http://`, `ssh://`, `file://`, `git@host:path`, `host.tld/path`); the
    /// name of a plugin in the registry.
    #[command(after_help = "\
Examples:
  atk resolve openmemory
  atk resolve github.com/org/tool")]
    Resolve {
        /// A path, a git URL, or a plugin of the registry
        source: String,
    },

    /// Bring a plugin's files into a directory, without adding it.
    ///
    /// Fetches and checks them as `add` does, runs nothing, and touches no home.
    #[command(after_help = "\
Examples:
  atk fetch openmemory /tmp/openmemory
  atk fetch github.com/org/tool preview --at 0123456789012345678901234567890123456789")]
    Fetch(Fetch),

    /// Show or clear what fetching has kept.
    ///
    /// Objects of the repositories that plugins came from are kept, so that nothing is fetched
    /// twice. They may be deleted at any time.
    #[command(after_help = "\
Examples:
  atk cache
  atk cache clear")]
    Cache {
        #[command(subcommand)]
        action: Option<CacheAction>,
    },
}

/// What `add` takes.
#[derive(Args)]
pub(crate) struct Add {
    /// A path, a git URL, or a plugin of the registry
    pub(crate) source: String,
    /// The commit to add, by its full id; the newest if left out
    #[arg(long, value_name = "COMMIT")]
    pub(crate) at: Option<String>,
}

/// What `fetch` takes.
#[derive(Args)]
pub(crate) struct Fetch {
    /// A path, a git URL, or a plugin of the registry
    pub(crate) source: String,
    /// A directory that does not exist yet, or is empty
    pub(crate) dest: PathBuf,
    /// The commit to fetch, by its full id; the newest if left out
    #[arg(long, value_name = "COMMIT")]
    pub(crate) at: Option<String>,
}

/// What to do with the cache.
#[derive(Subcommand)]
pub(crate) enum CacheAction {
    /// Delete everything in it
    Clear,
}

/// The whole command line, for parsing, completions and manual pages.
pub(crate) fn command() -> clap::Command {
    with_everywhere(Line::command())
}

/// Adds the options that every command takes to each of them. Clap's global arguments would not
/// do: of `atk --env A=1 add x --env B=2` they keep the second alone.
fn with_everywhere(command: clap::Command) -> clap::Command {
    Everywhere::augment_args(command).mut_subcommands(with_everywhere)
}

/// Understands what was typed; the first word is the program's own name.
///
/// # Errors
/// What clap says: usage errors, and the texts of `--help` and `--version`.
pub(crate) fn parse(words: &[OsString]) -> Result<Invocation, clap::Error> {
    let matches = command().try_get_matches_from(words)?;
    let line = Line::from_arg_matches(&matches)?;
    let mut everywhere = Everywhere::from_arg_matches(&matches)?;
    let mut level = &matches;
    while let Some((_, next)) = level.subcommand() {
        everywhere.add(Everywhere::from_arg_matches(next)?);
        level = next;
    }
    Ok(Invocation {
        command: line.command,
        everywhere,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Invocation, clap::Error> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        parse(&words)
    }

    #[test]
    fn the_definition_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn options_count_wherever_they_stand() {
        let line = "atk --env A=1 --trust x/ -q cache --home /h --env B=2 clear --json --trust y/";
        let typed = parse_line(line).unwrap().everywhere;
        assert_eq!(typed.env, ["A=1", "B=2"]);
        assert_eq!(typed.trust, ["x/", "y/"]);
        assert_eq!(typed.home, Some(PathBuf::from("/h")));
        assert!(typed.json && typed.quiet && !typed.yes);
    }

    #[test]
    fn the_last_of_a_repeated_option_wins() {
        let typed =
            parse_line("atk --home /a --home /b --color never list --color always").unwrap();
        assert_eq!(typed.everywhere.home, Some(PathBuf::from("/b")));
        assert_eq!(typed.everywhere.color, Some(ColorWhen::Always));
    }

    #[test]
    fn a_line_that_makes_no_sense_is_a_usage_error() {
        for line in [
            "atk frobnicate",
            "atk add",
            "atk list x",
            "atk fetch x",
            "atk --json",
        ] {
            let error = parse_line(line).err().expect(line);
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}
