//! Installing the plugins of the manifest: the files at their pins, and the `install` commands.
//!
//! No plugin is asked for trust here: the pin in the user's own manifest records that it was given
//! when the plugin was added or upgraded. Whether the manifest is the user's own is asked once on
//! each machine.

use std::path::Path;

use super::answers::Ask;
use super::context::Context;
use super::disk_state::on_disk;
use super::each_plugin;
use super::fetched_entries;
use super::fetched_entries::{Commit, Want};
use super::placement;
use super::placement::Placement;
use super::variables;
use super::variables::VariablesToAsk;
use super::{commit, definition, env_file, home_trust, leftovers, lifecycle_command};
use crate::error::Result;
use crate::fetch::{FetchedEntry, Have};
use crate::home::{Access, HomeDir, HomePath, LockedHome, Transaction};
use crate::host::Phase;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::Entry;
use crate::model::source::SourceKind;
use crate::outcome::select::standing;
use crate::outcome::{Installed, LineResult, Report, Select, State};

/// Installs a plugin, or all; `asked` says for which variables without an answer the host is asked.
///
/// # Errors
/// [`ErrorKind::PluginNotInstalled`](crate::ErrorKind::PluginNotInstalled), those of the home and of
/// its lock; the failure of the plugin, if it is one.
pub(crate) fn install(
    context: &Context<'_>,
    which: &Select,
    asked: VariablesToAsk,
) -> Result<Report<Installed>> {
    let ask = context.ask();

    // 1. Bring the files of all that are not at their pins, each source asked once.
    let home = context.home()?;
    let manifest = home.manifest()?;
    if matches!(which, Select::All) {
        leftovers::warn(context, &home, &manifest);
    }
    let entries = which.entries(&manifest)?;
    let staging = home.staging()?;
    let brought = fetch(context, &home, staging.path(), &entries)?;

    // 2. Make sure that the home may run what it has.
    let staged: Vec<_> = entries
        .iter()
        .zip(&brought)
        .filter_map(|(entry, brought)| match brought {
            Some(Ok(FetchedEntry::Staged(tree))) => Some((*entry, tree)),
            Some(Ok(FetchedEntry::Same { .. }) | Err(_)) | None => None,
        })
        .collect();
    home_trust::require(context, &ask, &home, &manifest, &staged)?;

    // 3. One after the other, in the order of the manifest, with the home locked.
    let locked = context.lock(&home)?;
    let now = home.manifest()?;
    let plugins = entries.into_iter().zip(brought);
    each_plugin::report(context, which, plugins, |entry, brought| {
        standing(&now, entry)?;
        let outcome = install_one(context, (&ask, asked), &locked, entry, brought.transpose()?)?;
        Ok(LineResult::Done { outcome })
    })
}

/// What was brought for each entry; `None` if its files are there already.
fn fetch(
    context: &Context<'_>,
    home: &HomeDir,
    staging: &Path,
    entries: &[&Entry],
) -> Result<Vec<Option<Result<FetchedEntry>>>> {
    let states: Vec<State> = entries.iter().map(|entry| on_disk(home, entry)).collect();
    let wanted = |entry: &Entry, state: State| {
        entry.source.kind != SourceKind::Local && state != State::Ready
    };
    let wants: Vec<Want<'_>> = entries
        .iter()
        .zip(&states)
        .filter(|(entry, state)| wanted(entry, **state))
        .map(|(entry, state)| Want {
            entry,
            commit: Commit::Pinned,
            have: match state {
                State::Outdated => there(home, entry),
                State::Ready | State::Missing | State::Leftover | State::Busy => None,
            },
        })
        .collect();
    if !wants.is_empty() {
        context.step(None, Phase::Fetching, "fetching");
    }
    let mut brought = fetched_entries::bring(context, staging, &wants)?.into_iter();
    let each = entries.iter().zip(states).map(|(entry, state)| {
        let wanted = wanted(entry, state);
        wanted.then(|| brought.next()).flatten()
    });
    Ok(each.collect())
}

/// The files of another commit than the pin that are there.
fn there(home: &HomeDir, entry: &Entry) -> Option<Have> {
    let stamp = home.stamp(&entry.directory)?;
    Some(fetched_entries::have(home, entry, &stamp))
}

/// Puts what was brought in place and runs the `install` command. Where that fails, the files are
/// as they were before.
fn install_one(
    context: &Context<'_>,
    (ask, asked): (&Ask<'_>, VariablesToAsk),
    locked: &LockedHome<'_>,
    entry: &Entry,
    brought: Option<FetchedEntry>,
) -> Result<Installed> {
    let home = locked.home();
    let directory = &entry.directory;

    // Everything that can fail without a trace.
    let (definition, mut warnings) = match &brought {
        Some(FetchedEntry::Staged(tree)) => {
            let overlay = definition::overlay(home, directory)?;
            let read = definition::of_files(tree, overlay.as_ref())?;
            (
                read.0,
                tree.warnings.iter().cloned().chain(read.1).collect(),
            )
        }
        Some(FetchedEntry::Same { .. }) | None => definition::of_installed(home, entry)?,
    };
    let env_path = HomePath::env(directory);
    let current = env_file::read(context, home, directory)?;
    let declared = &definition.env_vars;
    let process = &context.session.options.env;
    let answered = variables::ask(ask, directory, declared, (asked, &current), process)?;
    let (env, unread) = answered.written_to(current)?;
    warnings.extend(unread);

    // The changes.
    let mut transaction = Transaction::begin(locked, "install", Some(directory))?;
    let mut change = || -> Result<bool> {
        match &brought {
            Some(FetchedEntry::Staged(tree)) => {
                let placement = Placement::plan(home, directory, tree)?;
                let kept = placement.carry_out(&mut transaction, directory, tree)?;
                warnings.extend(placement::kept_warning(kept.as_deref()));
            }
            Some(FetchedEntry::Same { pin, .. }) => {
                placement::note_same(&mut transaction, home, directory, pin)?;
            }
            None => {}
        }
        if let Some(env) = &env {
            transaction.write(&env_path, env.to_text().as_bytes(), Access::Private)?;
        }
        lifecycle_command::run(
            context,
            locked,
            directory,
            &definition,
            LifecycleEvent::Install,
        )
    };
    let installed = match change() {
        Ok(installed) => installed,
        Err(error) => return Err(commit::take_back(transaction, &[], error)),
    };
    commit::without_commit(transaction)?;
    for warning in &warnings {
        context.warn(Some(directory.as_str()), warning);
    }
    Ok(Installed {
        pin: entry.source.pin.clone(),
        fetched: brought.is_some(),
        installed,
        warnings,
    })
}
