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
    /// Makes the directory, a git repository in it and an empty manifest. A home that is there
    /// already is left as it is.
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
    /// plugin are committed, but for those that its .gitignore files name and those that may hold
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

    /// Bring plugins to the commits that the manifest pins, and run their install commands.
    ///
    /// With --all this makes the clone of a home work on a new machine. On a machine where nothing
    /// of the home has run yet, shows every source and command and asks whether to trust the home;
    /// a script that answers nothing goes on. Neither the manifest nor the history changes.
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
    /// takes it out of the manifest, and commits. What is not committed of it is committed first,
    /// and what git does not have then is kept in .git/atk/backups.
    #[command(after_help = "\
Examples:
  atk uninstall openmemory
  atk uninstall openmemory --force              Ask nothing
  atk uninstall openmemory --ignore-failures    Go on if its uninstall command fails")]
    Uninstall(Remove),

    /// Remove a plugin with all its files; the same as `uninstall`.
    #[command(after_help = "\
Examples:
  atk remove openmemory
  atk remove old-tool --force          Also cleans up a directory that belongs to no plugin")]
    Remove(Remove),

    /// Start the services of plugins.
    ///
    /// Required variables must have values, and declared ports must be free. A plugin whose status
    /// command says that it runs already is left as it is.
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
    /// Runs the status commands of the plugins, all at once. Does not use the network: what the
    /// remote has is known from the last fetch, pull or push.
    /// In a home that is not trusted on this machine yet, asks on a terminal, and elsewhere runs
    /// no status command.
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
    /// the plugin's directory with the plugin's variables. Exits as the script does. Everything
    /// behind SCRIPT is the script's, options included; those of ATK stand before it.
    #[command(after_help = "\
Examples:
  atk run openmemory backup
  atk run openmemory backup --to /srv/backups
  atk run openmemory --quiet backup")]
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
    ///
    /// Exits as git does. Everything behind `git` is git's; options of ATK stand before it.
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

/// What `init` takes.
#[derive(Args)]
pub(crate) struct Init {
    /// The home's directory; the same as --home
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: Option<PathBuf>,
    /// Keep and commit a manifest that is there already
    #[arg(long)]
    pub(crate) adopt: bool,
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
    /// Ask nothing
    #[arg(short, long)]
    pub(crate) force: bool,
    /// Go on if its uninstall command fails, or if your changes cannot be saved
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
    /// The script, with or without .sh, and what it gets
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

impl Command {
    /// How long a status command may take, if that was said.
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
    /// The script's name and what it gets. A name that is no text is none of a script.
    pub(crate) fn split(&self) -> (String, &[OsString]) {
        match self.script_and_args.split_first() {
            Some((script, args)) => (script.to_string_lossy().into_owned(), args),
            None => (String::new(), &[]),
        }
    }
}
