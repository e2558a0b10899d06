//! `upgrade`: the newest commit of a source takes the place of the pinned one.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::FetchedEntry;
use crate::home::HomeDir;
use crate::host::Phase;
use crate::model::manifest::Entry;
use crate::model::source::SourceKind;
use crate::outcome::{At, LineResult, Report, Select, Skip, State, UpgradePlan, Upgraded};
use crate::steps::context::Context;
use crate::steps::disk_state::on_disk;
use crate::steps::each_plugin;
use crate::steps::fetched_entries;
use crate::steps::fetched_entries::{Commit, Want};
use crate::steps::home_trust;
use crate::steps::new_version::StagedUpgrade;
use crate::steps::object_cache::temporary;
use crate::steps::plan_digest;

/// What an upgrade would change.
pub(crate) fn plan(context: &Context<'_>, which: &Select, to: &At) -> Result<Report<UpgradePlan>> {
    let home = context.home()?;
    let manifest = home.manifest()?;
    let entries = which.entries(&manifest)?;
    // Nothing of it is put in place, so another file system than the home's will do.
    let staging = temporary(&context.env())?;
    let standings = look(context, &home, staging.path(), (which, to), &entries)?;
    let plugins = entries.into_iter().zip(standings);
    Report::of_each(which, plugins, |_, standing| {
        Ok(match standing? {
            UpgradeStatus::Skipped(reason) => LineResult::Skipped { reason },
            UpgradeStatus::Available(newer) => LineResult::Done {
                outcome: newer.plan,
            },
        })
    })
}

pub(crate) fn run(
    context: &Context<'_>,
    which: &Select,
    to: &At,
    plans: Option<&[String]>,
) -> Result<Report<Upgraded>> {
    let ask = context.ask();

    // 1. Ask every source for its newest commit, and bring what differs; 2. make the plans.
    let home = context.home()?;
    let manifest = home.manifest_file(None)?;
    let entries = which.entries(manifest.manifest())?;
    let staging = home.staging()?;
    let mut standings = look(context, &home, staging.path(), (which, to), &entries)?;
    for standing in &mut standings {
        if let Ok(UpgradeStatus::Available(newer)) = standing
            && let Err(outdated) = plan_digest::check(&newer.plan, plans)
        {
            *standing = Err(outdated);
        }
    }

    // 3. Make sure that the home may run what it has.
    let staged: Vec<_> = standings
        .iter()
        .filter_map(|standing| match standing {
            Ok(UpgradeStatus::Available(newer)) => Some(newer.staged()),
            Ok(UpgradeStatus::Skipped(_)) | Err(_) => None,
        })
        .collect();
    if !staged.is_empty() {
        home_trust::require(context, &ask, &home, manifest.manifest(), &staged)?;
    }

    // 4. One after the other, in the order of the manifest.
    let plugins = entries.into_iter().zip(standings);
    each_plugin::report(context, which, plugins, |_, standing| match standing? {
        UpgradeStatus::Skipped(reason) => Ok(LineResult::Skipped { reason }),
        UpgradeStatus::Available(newer) => match newer.put_in_place(context, &ask, &home) {
            Ok(outcome) => Ok(LineResult::Done { outcome }),
            // Among many a no is an answer like another, and no failure.
            Err(error) if error.kind() == ErrorKind::Declined && *which == Select::All => {
                let reason = Skip::Declined;
                Ok(LineResult::Skipped { reason })
            }
            Err(error) => Err(error),
        },
    })
}

/// How a plugin stands to the newest commit of its source.
enum UpgradeStatus<'e> {
    Skipped(Skip),
    Available(Box<StagedUpgrade<'e>>),
}

/// Asks each source once, all at once.
fn look<'e>(
    context: &Context<'_>,
    home: &HomeDir,
    staging: &Path,
    (which, to): (&Select, &At),
    entries: &[&'e Entry],
) -> Result<Vec<Result<UpgradeStatus<'e>>>> {
    let commit = match (to, which) {
        (At::Latest, _) => Commit::Newest,
        (At::Revision(to), Select::One(_)) => Commit::At(to.clone()),
        (At::Revision(_), Select::All) => return Err(one_commit_for_all()),
    };
    let is_local = |entry: &Entry| entry.source.kind == SourceKind::Local;
    let wants: Vec<Want<'_>> = entries
        .iter()
        .filter(|entry| !is_local(entry))
        .map(|entry| {
            let pin = entry.source.pin.as_ref();
            Want {
                entry,
                commit: commit.clone(),
                have: pin.map(|pin| fetched_entries::have(home, entry, pin)),
            }
        })
        .collect();
    context.step(
        which.subject(),
        Phase::Fetching,
        "looking for newer commits",
    );
    let mut brought = fetched_entries::bring(context, staging, &wants)?.into_iter();
    let standing = |entry: &&'e Entry| {
        if is_local(entry) {
            return match which {
                Select::One(_) => Err(not_upgradable(entry)),
                Select::All => Ok(UpgradeStatus::Skipped(Skip::Local)),
            };
        }
        match brought.next().ok_or_else(fetched_entries::lost)?? {
            FetchedEntry::Same { .. } => {
                if on_disk(home, entry) != State::Ready {
                    let text = "its files do not match the pinned commit; installing the plugin \
                                restores them";
                    context.warn(Some(entry.directory.as_str()), text);
                }
                Ok(UpgradeStatus::Skipped(Skip::UpToDate))
            }
            FetchedEntry::Staged(tree) => {
                let newer = StagedUpgrade::new(context, home, entry, tree)?;
                Ok(UpgradeStatus::Available(Box::new(newer)))
            }
        }
    };
    Ok(entries.iter().map(standing).collect())
}

fn one_commit_for_all() -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        "`to` names a commit of one source, so it needs a plugin",
    )
}

fn not_upgradable(entry: &Entry) -> Error {
    Error::new(
        ErrorKind::LocalNotUpgradable,
        "local plugins cannot be upgraded",
    )
    .with_plugin(entry.directory.as_str())
    .with_help(format!(
        "change the files in `plugins/{}`, or remove the plugin and add it again",
        entry.directory
    ))
}
