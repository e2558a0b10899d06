//! Completion of words, for shells: the names of plugins come from the home and the registry.
//!
//! A shell asks through the environment (`COMPLETE=bash atk -- …`); its script comes from `atk
//! completions`. Nothing is printed but candidates: whoever presses Tab wants no error messages.

use std::ffi::OsString;
use std::time::Duration;

use atk_core::{Home, Options, Result, Silent};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::CompleteEnv;

use crate::args;

/// How long a server may take: a person waits.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers a shell, if one asks. Returns true if it did.
pub(crate) fn answer(words: &[OsString]) -> bool {
    if std::env::var_os("COMPLETE").is_none() {
        return false;
    }
    let here = std::env::current_dir().ok();
    let complete = CompleteEnv::with_factory(command).completer("atk");
    complete
        .try_complete(words.iter().cloned(), here.as_deref())
        .unwrap_or(true)
}

/// The command line, whose arguments know their values.
fn command() -> clap::Command {
    with_candidates(args::command())
}

fn with_candidates(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| match arg.get_id().as_str() {
            "plugin" | "topic" => arg.add(ArgValueCandidates::new(installed)),
            "agents" | "agent" => arg.add(ArgValueCandidates::new(agents)),
            "source" => arg.add(ArgValueCandidates::new(available)),
            _ => arg,
        })
        .mut_subcommands(with_candidates)
}

/// The directories of the plugins of the home.
fn installed() -> Vec<CompletionCandidate> {
    let listed = home().and_then(|home| home.list()).unwrap_or_default();
    let named = |plugin: atk_core::Listed| {
        CompletionCandidate::new(plugin.directory.to_string()).help(Some(plugin.name.into()))
    };
    listed.into_iter().map(named).collect()
}

/// The ids of the coding agents.
fn agents() -> Vec<CompletionCandidate> {
    let known = home().and_then(|home| home.agents()).unwrap_or_default();
    let named = |agent: atk_core::AgentStatus| {
        CompletionCandidate::new(agent.id).help(Some(agent.name.into()))
    };
    known.into_iter().map(named).collect()
}

/// The names of the registries' plugins.
fn available() -> Vec<CompletionCandidate> {
    let found = home().and_then(|home| home.search(None, &Silent));
    let named = |plugin: atk_core::Found| {
        let name = match plugin.registry.is_default() {
            true => plugin.name,
            false => format!("{}/{}", plugin.registry, plugin.name),
        };
        CompletionCandidate::new(name).help(Some(plugin.description.into()))
    };
    let found = found.map(|found| found.plugins);
    found.unwrap_or_default().into_iter().map(named).collect()
}

fn home() -> Result<Home> {
    let vars = std::env::vars_os();
    let (home, mut options) = Options::from_vars(vars, std::env::current_dir().ok())?;
    options.network_timeout = PATIENCE;
    Home::open(home, options)
}
