//! The command line: what can be typed, and what was.

mod everywhere;
mod which;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use everywhere::{ColorWhen, Everywhere, Glimpse};
pub(crate) use which::{Maybe, Which};

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
  atk list                          Show what is there
  atk upgrade --all                 Bring everything to its newest commit
  atk setup --all                   On a new machine, after cloning the home:
  atk install --all                   variables, then everything else";

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

    /// Set the variables of plugins.
    ///
    /// Asks for every variable, with its current value or default to keep, and writes the answers
    /// to the plugin's .env. In a fresh clone of a home the plugins' files are fetched first.
    #[command(after_help = "\
Examples:
  atk setup openmemory
  atk setup --all
  atk setup langfuse --env LANGFUSE_HOST=http://localhost:3000 < /dev/null")]
    Setup(Which),

    /// Bring plugins to the commits that the manifest pins, and run their install commands.
    ///
    /// With --all this makes the clone of a home work on a new machine. Nothing is asked: the
    /// manifest is your own word for what is installed. Neither it nor the history changes.
    #[command(after_help = "\
Examples:
  atk install openmemory
  git clone git@example.com:me/atk-home.git ~/.atk && atk setup --all && atk install --all")]
    Install(Which),

    /// Upgrade plugins to the newest commits of their sources.
    ///
    /// Replaces the files that changed and keeps yours; runs the install command, and commits. What
    /// you edited of a plugin's own files is kept in a backup. Asks again for trust where what runs
    /// has changed. Where anything fails, the plugin is as it was before.
    #[command(after_help = "\
Examples:
  atk upgrade openmemory
  atk upgrade --all
  atk upgrade --all --dry-run")]
    Upgrade(Upgrade),

    /// Remove a plugin with all its files.
    ///
    /// Runs its stop and uninstall commands, deletes its directory, custom/ and .env included,
    /// takes it out of the manifest, and commits. What is not committed of it is committed first.
    #[command(after_help = "\
Examples:
  atk uninstall openmemory
  atk uninstall openmemory --force     Ask nothing, and go on where its uninstall command fails")]
    Uninstall(Remove),

    /// Remove a plugin with all its files; the same as `uninstall`.
    #[command(after_help = "\
Examples:
  atk remove openmemory
  atk remove old-tool --force          Also cleans up a directory that belongs to no plugin")]
    Remove(Remove),

    /// Start the services of plugins.
    ///
    /// Required variables must have values, and declared ports must be free.
    #[command(after_help = "\
Examples:
  atk start langfuse
  atk start --all")]
    Start(Which),

    /// Stop the services of plugins.
    #[command(after_help = "\
Examples:
  atk stop langfuse
  atk stop --all                       In the reverse order of the manifest")]
    Stop(Which),

    /// Stop the services of plugins, and start them again.
    #[command(after_help = "\
Examples:
  atk restart langfuse
  atk restart --all")]
    Restart(Which),

    /// Show whether plugins run, and what they lack.
    #[command(after_help = "\
Examples:
  atk status
  atk status langfuse --json")]
    Status(Maybe),

    /// Show what the service of a plugin has logged.
    #[command(after_help = "\
Examples:
  atk logs langfuse")]
    Logs {
        /// A plugin, by its directory or name
        plugin: String,
    },

    /// Run a script of a plugin.
    ///
    /// Looks for custom/SCRIPT, custom/SCRIPT.sh, SCRIPT, SCRIPT.sh, in this order, and runs it in
    /// the plugin's directory with the plugin's variables. Exits as the script does.
    #[command(after_help = "\
Examples:
  atk run openmemory backup
  atk run openmemory backup --to /srv/backups")]
    Run(Run),

    /// Search the registry.
    ///
    /// Shows the plugins whose name or description has the text in it, in any case.
    #[command(after_help = "\
Examples:
  atk search
  atk search memory")]
    Search {
        /// A part of a name or description; all plugins if left out
        query: Option<String>,
    },

    /// Show the MCP server configuration of a plugin.
    ///
    /// As agents and editors take it, with or without --json. It holds the values of variables,
    /// secrets included.
    #[command(after_help = "\
Examples:
  atk mcp github
  atk mcp github | jq .")]
    Mcp {
        /// A plugin, by its directory or name
        plugin: String,
    },

    /// Show help for a command, or the README of a plugin.
    ///
    /// Where a plugin has the name of a command, the command wins.
    #[command(after_help = "\
Examples:
  atk help upgrade
  atk help openmemory")]
    Help {
        /// A command, or a plugin by its directory or name
        topic: Option<String>,
    },

    /// Run git in the home.
    #[command(after_help = "\
Examples:
  atk git log --oneline
  atk git remote add origin git@example.com:me/atk-home.git
  atk git push -u origin main")]
    Git {
        /// What git is to do
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "ARG"
        )]
        args: Vec<OsString>,
    },

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

    /// Write the completions of a shell to standard output.
    #[command(after_help = "\
Examples:
  atk completions bash > ~/.local/share/bash-completion/completions/atk
  atk completions zsh > ~/.zfunc/_atk
  atk completions fish > ~/.config/fish/completions/atk.fish")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },

    /// Write the manual pages into a directory.
    #[command(after_help = "\
Examples:
  atk man ~/.local/share/man/man1")]
    Man {
        /// Where they go; it is made if it is not there
        dir: PathBuf,
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

/// What `upgrade` takes.
#[derive(Args)]
pub(crate) struct Upgrade {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What `uninstall` and `remove` take.
#[derive(Args)]
pub(crate) struct Remove {
    /// A plugin, by its directory or name
    pub(crate) plugin: String,
    /// Ask nothing, and go on where its uninstall command fails
    #[arg(short, long)]
    pub(crate) force: bool,
}

/// What `run` takes.
#[derive(Args)]
pub(crate) struct Run {
    /// A plugin, by its directory or name
    pub(crate) plugin: String,
    /// The script, with or without .sh
    pub(crate) script: String,
    /// What the script gets
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARG"
    )]
    pub(crate) args: Vec<OsString>,
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
            "atk install",
            "atk upgrade x --all",
            "atk run x",
        ] {
            let error = parse_line(line).err().expect(line);
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}
