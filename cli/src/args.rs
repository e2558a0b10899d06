//! The command line: its definition for clap, and the parsed result.

mod agents;
mod global;
mod plugins;

use std::ffi::OsString;

use atk_core::{At, Revision, escape};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser};

use crate::commands::{Command, HomeCommand};
pub(crate) use agents::AgentsAndProject;
pub(crate) use global::{ColorWhen, EarlyFlags, GlobalArgs};
pub(crate) use plugins::{OptionalPlugin, PluginOrAll};

/// A parsed command line.
pub(crate) struct Invocation {
    /// The command.
    pub(crate) command: Command,
    /// The options that every command takes, from any place in the line.
    pub(crate) globals: GlobalArgs,
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
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  atk init                          Create the home ~/.atk
  atk add openmemory                Add a plugin from the registry
  atk add github.com/org/tool       Add a tool that has an .atk/ directory
  atk add ./my-tool                 Add your own plugin
  atk list                          Show the plugins of the home
  atk upgrade --all                 Upgrade all plugins to their newest commits
  atk setup --all                   On a new machine, after cloning the home:
  atk install --all                   set the variables, then install all plugins";

/// The whole command line, for parsing, completions and manual pages.
pub(crate) fn command() -> clap::Command {
    with_globals(CommandLine::command())
}

/// Adds the global options to every command. Clap's own global arguments lose values: of
/// `atk --env A=1 add x --env B=2` they keep only the second.
fn with_globals(command: clap::Command) -> clap::Command {
    match command.get_name() {
        // Everything after `git` is passed to git: `atk git -v` must not be read as `atk -v`.
        GIT => command,
        _ => GlobalArgs::augment_args(command).mut_subcommands(with_globals),
    }
}

/// The lines of the examples that the help of a command ends with.
pub(crate) fn examples(command: &clap::Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string);
    let help = help.unwrap_or_default();
    let lines = help.strip_prefix("Examples:\n").unwrap_or_default();
    let unindented = lines.lines().map(|line| line.trim_start_matches("  "));
    unindented.map(str::to_owned).collect()
}

/// The command that takes no global options.
const GIT: &str = "git";

/// Parses a command line; the first word is the program's own name.
///
/// # Errors
/// Clap's: usage errors, and the texts of `--help` and `--version`.
pub(crate) fn parse(words: &[OsString]) -> Result<Invocation, clap::Error> {
    let matches = command().try_get_matches_from(words)?;
    let line = CommandLine::from_arg_matches(&matches)?;
    let mut globals = GlobalArgs::from_arg_matches(&matches)?;
    let mut level = &matches;
    while let Some((name, next)) = level.subcommand()
        && name != GIT
    {
        globals.add(GlobalArgs::from_arg_matches(next)?);
        level = next;
    }
    if let Command::Home(HomeCommand::Init(init)) = &line.command {
        if init.has_two_directories() {
            let text = "the first of two words must be the URL of a git repository";
            return Err(command().error(ErrorKind::ValueValidation, text));
        }
        if let (Some(word), Some(option)) = (init.directory(), &globals.home) {
            let text = format!(
                "the home is given twice: as `{}` and with --home as `{}`",
                escape(&word.to_string_lossy()),
                escape(&option.to_string_lossy())
            );
            return Err(command().error(ErrorKind::ArgumentConflict, text));
        }
        globals.home = init.directory().or(globals.home);
    }
    Ok(Invocation {
        command: line.command,
        globals,
    })
}

/// The branch, tag or commit that an option (`--at`) names; the newest commit without it.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`](atk_core::ErrorKind::InvalidArgument) if it can be none of them.
pub(crate) fn commit(option: &str, at: Option<&str>) -> atk_core::Result<At> {
    let Some(text) = at else {
        return Ok(At::Latest);
    };
    Revision::parse(text).map(At::Revision).map_err(|error| {
        let text = format!("`{option}` cannot be used: {error}");
        atk_core::Error::new(atk_core::ErrorKind::InvalidArgument, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn parse_line(line: &str) -> Result<Invocation, clap::Error> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        parse(&words)
    }

    #[test]
    fn the_definition_passes_the_checks_of_clap() {
        command().debug_assert();
    }

    #[test]
    fn global_options_are_read_anywhere_in_the_line() {
        let line = "atk --env A=1 --trust x/ -q cache --home /h --env B=2 clear --json --trust y/";
        let typed = parse_line(line).unwrap().globals;
        assert_eq!(typed.env, ["A=1", "B=2"]);
        assert_eq!(typed.trust, ["x/", "y/"]);
        assert_eq!(typed.home, Some(PathBuf::from("/h")));
        assert!(typed.json && typed.quiet == 1 && !typed.yes);
    }

    #[test]
    fn words_after_a_script_or_git_are_passed_on() {
        let words = |words: &[OsString]| words.join(" ".as_ref()).into_string().unwrap();
        for (typed, expected) in [
            ("atk run x go --json -y --help", "go --json -y --help"),
            ("atk run x --quiet go -- a --", "go -- a --"),
            ("atk run x go -q", "go -q"),
        ] {
            let Command::Home(HomeCommand::Run(run)) = parse_line(typed).unwrap().command else {
                panic!("{typed}");
            };
            assert_eq!(words(&run.script_and_args), expected);
        }
        for (typed, expected) in [
            ("atk git -v", "-v"),
            ("atk git log --json -q --help", "log --json -q --help"),
            ("atk --json git --home /x --", "--home /x --"),
            ("atk git", ""),
        ] {
            let Command::Home(HomeCommand::Git(git)) = parse_line(typed).unwrap().command else {
                panic!("{typed}");
            };
            assert_eq!(words(&git.args), expected);
        }
        let typed = parse_line("atk --json run -y x --quiet go -v").unwrap();
        let typed = typed.globals;
        assert!(typed.json && typed.yes && typed.quiet == 1 && !typed.verbose);
        let typed = parse_line("atk -q git --json").unwrap().globals;
        assert!(typed.quiet == 1 && !typed.json);
    }

    #[test]
    fn the_last_of_a_repeated_option_wins() {
        let typed =
            parse_line("atk --home /a --home /b --color never list --color always").unwrap();
        assert_eq!(typed.globals.home, Some(PathBuf::from("/b")));
        assert_eq!(typed.globals.color, Some(ColorWhen::Always));
    }

    #[test]
    fn init_takes_its_directory_as_an_argument_or_option() {
        for (line, expected) in [
            ("atk init", None),
            ("atk init /a", Some("/a")),
            ("atk init --home /b", Some("/b")),
            ("atk --home /b init --adopt", Some("/b")),
            ("atk init --adopt ./a", Some("./a")),
        ] {
            let typed = parse_line(line).unwrap();
            assert_eq!(typed.globals.home, expected.map(PathBuf::from), "{line}");
            let Command::Home(HomeCommand::Init(init)) = typed.command else {
                panic!("{line}");
            };
            assert_eq!(init.adopt, line.contains("--adopt"));
        }
        for line in [
            "atk init /a /b",
            "atk init /a --home /b",
            "atk --home /b init /a",
            "atk init https://example.com/home.git /a --home /b",
        ] {
            let error = parse_line(line).err().expect(line);
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn an_invalid_line_is_a_usage_error() {
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
