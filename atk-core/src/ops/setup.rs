//! `setup`: the values of variables.
//!
//! In a fresh clone of a home the files of its plugins are not there yet, and with them what they
//! want to know: they are fetched at their pins first.

use std::path::Path;

use super::ask::Ask;
use super::bring::{self, Commit, Want};
use super::context::Context;
use super::list::on_disk;
use super::placing::Placement;
use super::select::standing;
use super::variables::{self, Answered, Asked};
use super::{
    Line, LineResult, Report, Select, SetUp, SetupOptions, Skip, State, definition, finish,
};
use crate::Atk;
use crate::error::{Error, Result};
use crate::fetch::{Brought, StagedTree};
use crate::home::{Access, Home, HomePath, Transaction};
use crate::host::Host;
use crate::model::env::EnvFile;
use crate::model::manifest::{Entry, Manifest};
use crate::model::source::SourceKind;

pub(crate) fn run(
    atk: &Atk,
    which: &Select,
    options: &SetupOptions,
    host: &dyn Host,
) -> Result<Report<SetUp>> {
    let context = Context::begin(atk, host, "setup", which.subject());
    let ask = Ask {
        answers: &options.answers,
        host,
        cancel: &atk.cancel,
    };

    // 1. Bring the files of plugins that have none yet, each source asked once.
    let home = context.home()?;
    let manifest = Manifest::parse(&home.manifest_text()?)?;
    let entries = which.entries(&manifest)?;
    let staging = home.staging()?;
    let brought = fetch(&context, &home, staging.path(), &entries)?;

    // 2. Ask for one after the other, in the order of the manifest, and write the answers.
    let mut lines = Vec::new();
    for (entry, brought) in entries.into_iter().zip(brought) {
        let result = brought
            .transpose()
            .and_then(|tree| set_up(&context, &ask, &home, entry, tree));
        let line = Line::of(entry, result);
        let cancelled = line.is_cancelled();
        lines.push(line);
        if cancelled {
            break;
        }
    }
    Report::of(which, lines)
}

/// The files of each plugin that has none; of the others nothing.
fn fetch(
    context: &Context<'_>,
    home: &Home,
    staging: &Path,
    entries: &[&Entry],
) -> Result<Vec<Option<Result<StagedTree>>>> {
    let missing = |entry: &&Entry| {
        let local = entry.source.kind == SourceKind::Local;
        !local && on_disk(home, entry) == State::Missing
    };
    let missing: Vec<bool> = entries.iter().map(missing).collect();
    let wants: Vec<Want<'_>> = entries
        .iter()
        .zip(&missing)
        .filter(|(_, missing)| **missing)
        .map(|(entry, _)| Want {
            entry,
            commit: Commit::Pinned,
            have: None,
        })
        .collect();
    if !wants.is_empty() {
        context.step(None, "fetching");
    }
    let mut brought = bring::bring(context, staging, &wants)?.into_iter();
    let staged = |result: Result<Brought>| match result? {
        Brought::Staged(tree) => Ok(tree),
        Brought::Same { .. } => Err(bring::lost()),
    };
    let each = missing
        .into_iter()
        .map(|missing| missing.then(|| brought.next()).flatten().map(staged));
    Ok(each.collect())
}

/// Asks for the variables of one plugin and writes the answers, with the files where they came.
/// What was answered is written even where required variables are still without a value.
fn set_up(
    context: &Context<'_>,
    ask: &Ask<'_>,
    home: &Home,
    entry: &Entry,
    tree: Option<StagedTree>,
) -> Result<LineResult<SetUp>> {
    let directory = &entry.directory;
    let (definition, warnings) = match &tree {
        Some(tree) => {
            let overlay = definition::overlay(home, directory)?;
            definition::of_files(&tree.dir, overlay.as_deref())?
        }
        None => definition::of_installed(home, directory)?,
    };
    let declared = &definition.env_vars;
    if declared.is_empty() && tree.is_none() {
        let reason = Skip::NoVariables;
        return Ok(LineResult::Skipped { reason });
    }
    let process = &context.atk.options.env;
    let current = EnvFile::parse(&home.read(&HomePath::env(directory))?.unwrap_or_default())?;
    let asked = (Asked::All, &current);
    let (answered, unset) = variables::ask_kept(ask, directory, declared, asked, process)?;
    let unread = write(context, home, entry, tree.as_ref(), &answered)?;
    let warnings: Vec<String> = warnings.into_iter().chain(unread).collect();
    for warning in &warnings {
        context.warn(Some(directory.as_str()), warning);
    }
    if !unset.is_empty() {
        return Err(variables::unset_error(directory, unset));
    }
    let outcome = SetUp {
        written: answered.names(),
        path: home.plugin_dir(directory).join(".env"),
        fetched: tree.is_some(),
        warnings,
    };
    Ok(LineResult::Done { outcome })
}

/// Writes files and answers, in a transaction. Returns what some reader of `.env` will not read
/// as it was typed.
fn write(
    context: &Context<'_>,
    home: &Home,
    entry: &Entry,
    tree: Option<&StagedTree>,
    answered: &Answered<'_>,
) -> Result<Vec<String>> {
    if tree.is_none() && answered.names().is_empty() {
        return Ok(Vec::new());
    }
    let directory = &entry.directory;
    let locked = context.lock(home)?;
    standing(&Manifest::parse(&home.manifest_text()?)?, entry)?;
    let path = HomePath::env(directory);
    let current = EnvFile::parse(&home.read(&path)?.unwrap_or_default())?;
    let (env, unread) = answered.written_to(current)?;
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
        Ok(()) => finish::without_commit(transaction)?,
        Err(error) => return Err(finish::take_back(transaction, &[], error)),
    }
    Ok(unread)
}
