//! The commands, and what each of them takes.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::which::{Maybe, Which};

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create the home.
    ///
    /// Creates the directory, a git repository in it and an empty manifest. An existing home is not
    /// changed.
    #[command(after_help = "\
Examples:
  atk init
  atk init ~/dotfiles/atk              A home beside the dotfiles
  atk init --adopt ~/old-home          A directory with a manifest, but without a repository")]
    Init(Init),

    /// Add a plugin to the home.
    ///
    /// Fetches the plugin's files and checks them, asks whether to trust a source that is new and
    /// for the variables that the plugin needs, puts the files in place, runs the plugin's install
    /// command, and commits. If anything fails, the home is as it was before. All files of a local
    /// plugin are committed, except files that its .gitignore files name and files that may hold
    /// secrets (*.env, .env.*, and copies of them); a warning names these.
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

    /// Restore plugins to their pinned commits, and run their install commands.
    ///
    /// With --all this makes the clone of a home work on a new machine. If nothing of the home has
    /// run on this machine yet, shows every source and command and asks whether to trust the home;
    /// without an answer, it continues. Neither the manifest nor the history changes.
    #[command(after_help = "\
Examples:
  atk install openmemory
  git clone git@example.com:me/atk-home.git ~/.atk && atk setup --all && atk install --all")]
    Install(Which),

    /// Upgrade plugins to the newest commits of their sources.
    ///
    /// Replaces the files that changed and keeps yours; runs the install command, and commits.
    /// Files of the plugin that you edited are kept in a backup. If commands changed, asks again
    /// for trust. If anything fails, the plugin is as it was before.
    #[command(after_help = "\
Examples:
  atk upgrade openmemory
  atk upgrade --all
  atk upgrade --all --dry-run")]
    Upgrade(Upgrade),

    /// Remove a plugin with all its files.
    ///
    /// Runs its stop and uninstall commands, deletes its directory, custom/ and .env included,
    /// removes it from the manifest, and commits. Commits its uncommitted files first, and keeps
    /// files that git does not have in .git/atk/backups.
    #[command(after_help = "\
Examples:
  atk uninstall openmemory
  atk uninstall openmemory --force              Do not ask
  atk uninstall openmemory --ignore-failures    Continue if its uninstall command fails")]
    Uninstall(Remove),

    /// Remove a plugin with all its files; the same as `uninstall`.
    #[command(after_help = "\
Examples:
  atk remove openmemory
  atk remove old-tool --force          Also cleans up a directory that belongs to no plugin")]
    Remove(Remove),

    /// Start the services of plugins.
    ///
    /// Required variables must have values, and declared ports must be free. A plugin that is
    /// already running, according to its status command, is skipped.
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

    /// Show whether plugins run, what they lack, and the state of the home's repository.
    ///
    /// Runs the status commands of the plugins, all at once. Does not use the network: the state of
    /// the remote is that of the last fetch, pull or push. If the home is not trusted on this
    /// machine yet, asks on a terminal; without a terminal, runs no status command.
    #[command(after_help = "\
Examples:
  atk status
  atk status langfuse --json
  atk status --timeout 60              For status commands that take long")]
    Status(Status),

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
    /// the plugin's directory with the plugin's variables. Exits with the script's exit code.
    /// Everything after SCRIPT is passed to the script, options included; put options of ATK before
    /// it.
    #[command(after_help = "\
Examples:
  atk run openmemory backup
  atk run openmemory backup --to /srv/backups
  atk run openmemory --quiet backup")]
    Run(Run),

    /// Search the registry.
    ///
    /// Shows the plugins whose name or description contains the text, in upper or lower case.
    #[command(after_help = "\
Examples:
  atk search
  atk search memory")]
    Search {
        /// A part of a name or description [default: all plugins]
        query: Option<String>,
    },

    /// Show the MCP server configuration of a plugin.
    ///
    /// Prints it in the form of agents and editors, with or without --json. It contains the values
    /// of variables, secrets included.
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
    /// If a plugin has the name of a command, shows the help of the command.
    #[command(after_help = "\
Examples:
  atk help upgrade
  atk help openmemory")]
    Help {
        /// A command, or a plugin by its directory or name
        topic: Option<String>,
    },

    /// Run git in the home.
    ///
    /// Exits with git's exit code. Everything after `git` is passed to git; put options of ATK
    /// before it.
    #[command(after_help = "\
Examples:
  atk git log --oneline
  atk git remote add origin git@example.com:me/atk-home.git
  atk git push -u origin main")]
    Git {
        /// The arguments for git
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

    /// Show what a source means, without fetching it.
    ///
    /// In this order: a path by its form (`./tool`, `~/tool`, `/srv/tool`); a path that exists; a
    /// git URL (`https://`, `http://`, `ssh://`, `file://`, `git@host:path`, `host:path`,
    /// `host.tld/path`); the name of a plugin in the registry.
    #[command(after_help = "\
Examples:
  atk resolve openmemory
  atk resolve github.com/org/tool")]
    Resolve {
        /// A path, a git URL, or a plugin of the registry
        source: String,
    },

    /// Fetch a plugin's files into a directory, without adding it.
    ///
    /// Fetches and checks them as `add` does, runs nothing, and touches no home.
    #[command(after_help = "\
Examples:
  atk fetch openmemory /tmp/openmemory
  atk fetch github.com/org/tool preview --at 0123456789012345678901234567890123456789")]
    Fetch(Fetch),

    /// Show or clear the download cache.
    ///
    /// The cache holds git objects of the repositories of plugins, so that nothing is fetched
    /// twice. It may be deleted at any time.
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
        /// The directory to write to; created if it does not exist
        dir: PathBuf,
    },
}

/// What `init` takes.
#[derive(Args)]
pub(crate) struct Init {
    /// The home's directory; the same as --home
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: Option<PathBuf>,
    /// Keep and commit an existing manifest
    #[arg(long)]
    pub(crate) adopt: bool,
}

/// What `add` takes.
#[derive(Args)]
pub(crate) struct Add {
    /// A path, a git URL, or a plugin of the registry
    pub(crate) source: String,
    /// The commit to add, by its full id [default: the newest]
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
    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) force: bool,
    /// Continue if its uninstall command fails, or if your changes cannot be saved
    #[arg(long)]
    pub(crate) ignore_failures: bool,
}

/// What `status` takes.
#[derive(Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) which: Maybe,
    /// How long each status command may take [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse().map_err(|_| "not a number".to_owned())?;
    match Duration::try_from_secs_f64(number) {
        Ok(time) if !time.is_zero() => Ok(time),
        Ok(_) | Err(_) => Err("must be more than 0".to_owned()),
    }
}

/// What `run` takes.
#[derive(Args)]
pub(crate) struct Run {
    /// A plugin, by its directory or name
    pub(crate) plugin: String,
    /// The script, with or without .sh, and its arguments
    // One argument, so that nothing behind its first word is taken for an option of ours.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        required = true,
        value_names = ["SCRIPT", "ARG"],
        num_args = 1..
    )]
    pub(crate) script_and_args: Vec<OsString>,
}

/// What `fetch` takes.
#[derive(Args)]
pub(crate) struct Fetch {
    /// A path, a git URL, or a plugin of the registry
    pub(crate) source: String,
    /// A directory that does not exist yet, or is empty
    pub(crate) dest: PathBuf,
    /// The commit to fetch, by its full id [default: the newest]
    #[arg(long, value_name = "COMMIT")]
    pub(crate) at: Option<String>,
}

/// What to do with the cache.
#[derive(Subcommand)]
pub(crate) enum CacheAction {
    /// Delete everything in it
    Clear,
}

impl Command {
    /// How long a status command may take, if the option is set.
    pub(crate) fn status_timeout(&self) -> Option<Duration> {
        match self {
            Command::Status(status) => status.timeout,
            _ => None,
        }
    }

    /// True for commands that do nothing but run a program of the user's: they end as it does.
    pub(crate) fn is_program(&self) -> bool {
        matches!(
            self,
            Command::Logs { .. } | Command::Run(_) | Command::Git { .. }
        )
    }
}

impl Run {
    /// The script's name and its arguments. A name that is not UTF-8 is not the name of a script.
    pub(crate) fn split(&self) -> (String, &[OsString]) {
        match self.script_and_args.split_first() {
            Some((script, args)) => (script.to_string_lossy().into_owned(), args),
            None => (String::new(), &[]),
        }
    }
}
