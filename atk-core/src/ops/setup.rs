//! `setup`: the values of variables.
//!
//! In a fresh clone of a home the files of its plugins are not there yet, and with them what they
//! want to know: they are fetched at their pins first.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{FetchedEntry, StagedTree};
use crate::home::{Access, HomeDir, HomePath, Transaction};
use crate::host::Phase;
use crate::model::manifest::Entry;
use crate::model::owned;
use crate::model::source::SourceKind;
use crate::outcome::select::standing;
use crate::outcome::{LineResult, Report, Select, SetUp, Skip, State};
use crate::steps::answers::Ask;
use crate::steps::context::Context;
use crate::steps::disk_state::on_disk;
use crate::steps::each_plugin;
use crate::steps::fetched_entries;
use crate::steps::fetched_entries::{Commit, Want};
use crate::steps::placement::Placement;
use crate::steps::variables;
use crate::steps::variables::{NewValues, VariablesToAsk};
use crate::steps::{commit, definition, env_file, home_trust};
use crate::text::escape;

pub(crate) fn run(context: &Context<'_>, which: &Select) -> Result<Report<SetUp>> {
    let ask = context.ask();

    // 1. Bring the files of plugins that have none yet, or those of another commit, each source
    //    asked once.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let entries = which.entries(&manifest)?;
    let staging = home.staging()?;
    let fetched = fetch(context, &home, staging.path(), &entries)?;

    // 2. Ask for one after the other, in the order of the manifest, and write the answers.
    let plugins = entries.into_iter().zip(fetched);
    each_plugin::report(context, which, plugins, |entry, files| {
        set_up(context, &ask, &home, entry, &files?, which)
    })
}

/// The files that say what a plugin wants to know.
enum Files {
    /// Those in the home. Where they should have been others, why these could not be had.
    InPlace(Option<Error>),
    /// Fetched ones, which go to their place.
    New(StagedTree),
    /// Fetched ones of the pin, where files of another commit are. Replacing those is for an
    /// installation, which runs the commands that belong to it.
    OfPin(StagedTree),
}

/// The files of each plugin: fetched ones, if there are none or others than those of the pin.
fn fetch(
    context: &Context<'_>,
    home: &HomeDir,
    staging: &Path,
    entries: &[&Entry],
) -> Result<Vec<Result<Files>>> {
    let state = |entry: &Entry| match entry.source.kind {
        SourceKind::Local => State::Ready,
        SourceKind::Registry | SourceKind::Git => on_disk(home, entry),
    };
    let states: Vec<State> = entries.iter().map(|entry| state(entry)).collect();
    let wants: Vec<Want<'_>> = entries
        .iter()
        .zip(&states)
        .filter(|(_, state)| **state != State::Ready)
        .map(|(entry, _)| Want {
            entry,
            commit: Commit::Pinned,
            have: None,
        })
        .collect();
    if !wants.is_empty() {
        context.step(None, Phase::Fetching, "fetching");
    }
    let mut brought = fetched_entries::bring(context, staging, &wants)?.into_iter();
    let mut staged = || match brought
        .next()
        .unwrap_or_else(|| Err(fetched_entries::lost()))?
    {
        FetchedEntry::Staged(tree) => Ok(tree),
        FetchedEntry::Same { .. } => Err(fetched_entries::lost()),
    };
    let each = states.into_iter().map(|state| match state {
        State::Ready => Ok(Files::InPlace(None)),
        State::Missing | State::Leftover | State::Busy => staged().map(Files::New),
        State::Outdated => match staged() {
            Ok(tree) => Ok(Files::OfPin(tree)),
            Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
            Err(error) => Ok(Files::InPlace(Some(error))),
        },
    });
    Ok(each.collect())
}

/// Asks for the variables of one plugin and writes the answers, with the files where they came.
/// What was answered is written even where required variables are still without a value.
fn set_up(
    context: &Context<'_>,
    ask: &Ask<'_>,
    home: &HomeDir,
    entry: &Entry,
    files: &Files,
    which: &Select,
) -> Result<LineResult<SetUp>> {
    let directory = &entry.directory;
    let (definition, mut warnings) = read(home, entry, files)?;
    let new = match files {
        Files::New(tree) => Some(tree),
        Files::OfPin(_) | Files::InPlace(_) => None,
    };
    let declared = &definition.env_vars;
    if declared.is_empty() && new.is_none() {
        let reason = Skip::NoVariables;
        return Ok(LineResult::Skipped { reason });
    }
    let process = &context.session.options.env;
    let current = env_file::read(context, home, directory)?;
    let asked = (VariablesToAsk::All, &current);
    let (answered, unset) = variables::ask_kept(ask, directory, declared, asked, process)?;
    // Of many plugins each has its own; of one, it is a slip of the pen.
    if matches!(which, Select::One(_)) {
        let strange = answered.undeclared(ask.answers);
        warnings
            .extend(strange.map(|name| format!("the plugin has no variable `{}`", escape(name))));
    }
    warnings.extend(write(context, home, entry, new, &answered)?);
    for warning in &warnings {
        context.warn(Some(directory.as_str()), warning);
    }
    if !unset.is_empty() {
        return Err(variables::unset_error(directory, unset));
    }
    let outcome = SetUp {
        written: answered.names(),
        path: home.plugin_dir(directory).join(owned::ANSWERS),
        fetched: new.is_some(),
        warnings,
    };
    Ok(LineResult::Done { outcome })
}

/// The definition that counts, and what deserves a warning.
fn read(home: &HomeDir, entry: &Entry, files: &Files) -> Result<definition::Read> {
    let directory = &entry.directory;
    match files {
        Files::New(tree) | Files::OfPin(tree) => {
            let overlay = definition::overlay(home, directory)?;
            definition::of_files(tree, overlay.as_ref())
        }
        Files::InPlace(None) => definition::of_installed(home, entry),
        Files::InPlace(Some(error)) => {
            let (definition, mut warnings) = definition::of_installed(home, entry)?;
            warnings.push(format!(
                "its files do not match the pinned commit, which could not be fetched: {error}"
            ));
            Ok((definition, warnings))
        }
    }
}

/// Writes files and answers, in a transaction. Returns what some reader of `.env` will not read
/// as it was typed.
fn write(
    context: &Context<'_>,
    home: &HomeDir,
    entry: &Entry,
    tree: Option<&StagedTree>,
    answered: &NewValues<'_>,
) -> Result<Vec<String>> {
    if tree.is_none() && answered.names().is_empty() {
        return Ok(Vec::new());
    }
    let directory = &entry.directory;
    let locked = context.lock(home)?;
    standing(&home.manifest()?, entry)?;
    let path = HomePath::env(directory);
    let current = env_file::read(context, home, directory)?;
    let (env, unread) = answered.written_to(current)?;
    home_trust::before_placing(home)?;
    let mut transaction = Transaction::begin(&locked, "setup", Some(directory))?;
    let mut change = || -> Result<(), Error> {
        if let Some(tree) = tree {
            let placement = Placement::plan(home, directory, tree)?;
            placement.carry_out(&mut transaction, directory, tree)?;
        }
        match &env {
            Some(env) => transaction.write(&path, env.to_text().as_bytes(), Access::Private),
            None => Ok(()),
        }
    };
    match change() {
        Ok(()) => commit::without_commit(transaction)?,
        Err(error) => return Err(commit::take_back(transaction, &[], error)),
    }
    Ok(unread)
}
