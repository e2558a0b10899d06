//! `atk registry`.

use atk_core::{
    ConfiguredRegistry, RegistryAddOptions, RegistryBuildOptions, RegistryDiffOptions, Result,
};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// The exit status of a registry that is not valid.
const INVALID: u8 = 5;

/// Use several registries, or run one of your own.
///
/// A registry is a git repository of plugins with an index. Each directory below `plugins/` is a plugin;
/// its name is what users type. A registry that `atk registry add` has named is used beside the default
/// one: `atk search` looks in all, and `atk add team/openmemory` names the one to take a plugin from. A name
/// alone is an error if more than one registry has it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk registry add team git@git.example.com:tools/registry.git
  atk registry list
  atk registry remove team
  atk registry init my-registry
  atk registry build
  atk registry build --check
  atk registry diff --base origin/main")]
pub(crate) struct Registry {
    #[command(subcommand)]
    action: RegistryAction,
}

/// The document of `atk registry list`. An object, so that it can grow.
#[derive(Serialize)]
struct Registries {
    registries: Vec<ConfiguredRegistry>,
}

/// The subcommands of `atk registry`.
#[derive(Subcommand)]
enum RegistryAction {
    /// Name a registry, to use it beside the default one
    ///
    /// The name and the URL are written to atk.yaml of the home, and committed. No server is asked.
    Add {
        /// A name: lower-case letters, digits and single hyphens
        name: String,
        /// The URL of the registry's git repository, or its absolute path
        url: String,
        /// URL of a copy of the repository, tried if the one before cannot be reached; can be repeated
        #[arg(long = "mirror", value_name = "URL")]
        mirrors: Vec<String>,
    },
    /// Forget a registry; plugins that came from it stay
    Remove {
        /// The name of the registry
        name: String,
    },
    /// List the registries, and the plugins that came from each
    List,
    /// Write a new registry: index, README and a workflow that checks changes
    ///
    /// The directory must be empty or not exist. It becomes a git repository, unless it is in one already;
    /// nothing is committed.
    Init {
        /// The directory
        directory: String,
    },
    /// Check all plugins, and write index.yaml
    ///
    /// The index has the name, the path and the description of each plugin, in the order of the names. If a
    /// plugin is not valid, nothing is written and the exit status is 5.
    Build {
        /// The directory of the registry [default: the working directory]
        directory: Option<String>,
        /// Write nothing; it is an error if index.yaml is not what would be written
        #[arg(long = "check")]
        check_only: bool,
    },
    /// Show which plugins differ from a commit, and what can run
    Diff {
        /// The directory of the registry [default: the working directory]
        directory: Option<String>,
        /// A branch, a tag or a commit of the registry's repository [default: HEAD]
        #[arg(long, value_name = "REVISION")]
        base: Option<String>,
    },
}

impl Registry {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let Context { home, output, .. } = context;
        match self.action {
            RegistryAction::Add { name, url, mirrors } => {
                let mut options = RegistryAddOptions::default();
                options.mirrors = mirrors;
                let outcome = home.registry_add(&name, &url, &options, &host)?;
                host.push(outcome.push.as_ref());
                output.report(&outcome, render::registry_added)?;
                Ok(0)
            }
            RegistryAction::Remove { name } => {
                let outcome = home.registry_remove(&name, &host)?;
                host.push(outcome.push.as_ref());
                output.report(&outcome, render::registry_removed)?;
                Ok(0)
            }
            RegistryAction::List => {
                let document = Registries {
                    registries: home.registry_list()?,
                };
                output.outcome(&document, |list| render::registries(&list.registries))?;
                Ok(0)
            }
            RegistryAction::Init { directory } => {
                let outcome = home.registry_init(&directory, &host)?;
                output.outcome(&outcome, render::registry_initialized)?;
                Ok(0)
            }
            RegistryAction::Build {
                directory,
                check_only,
            } => {
                let mut options = RegistryBuildOptions::default();
                options.check_only = check_only;
                let outcome = home.registry_build(directory.as_deref(), &options, &host)?;
                let verbose = output.verbose();
                output.outcome(&outcome, |outcome| render::registry_built(outcome, verbose))?;
                Ok(if outcome.valid { 0 } else { INVALID })
            }
            RegistryAction::Diff { directory, base } => {
                let mut options = RegistryDiffOptions::default();
                options.base = base;
                let outcome = home.registry_diff(directory.as_deref(), &options, &host)?;
                output.outcome(&outcome, render::registry_diff)?;
                Ok(0)
            }
        }
    }
}
