//! `upgrade`: the newest commit of a source takes the place of the pinned one.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::FetchedEntry;
use crate::home::HomeDir;
use crate::host::Phase;
use crate::model::manifest::Entry;
use crate::model::pin::Pin;
use crate::model::source::SourceKind;
use crate::model::versions::Followed;
use crate::outcome::{At, LineResult, Report, Select, Skip, State, UpgradePlan, Upgraded};
use crate::steps::context::Context;
use crate::steps::disk_state::on_disk;
use crate::steps::each_plugin;
use crate::steps::fetched_entries;
use crate::steps::fetched_entries::{Commit, Want};
use crate::steps::followed;
use crate::steps::home_trust;
use crate::steps::new_version::StagedUpgrade;
use crate::steps::object_cache::temporary;
use crate::steps::plan_digest;
use crate::text::escape;

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
            UpgradeStatus::Followed(_, _) => LineResult::Skipped {
                reason: Skip::OnlyFollows,
            },
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
            Ok(UpgradeStatus::Skipped(_) | UpgradeStatus::Followed(_, _)) | Err(_) => None,
        })
        .collect();
    if !staged.is_empty() {
        home_trust::require(context, &ask, &home, manifest.manifest(), &staged)?;
    }

    // 4. One after the other, in the order of the manifest.
    let plugins = entries.into_iter().zip(standings);
    each_plugin::report(context, which, plugins, |entry, standing| match standing? {
        UpgradeStatus::Skipped(reason) => Ok(LineResult::Skipped { reason }),
        UpgradeStatus::Followed(before, after) => {
            follow(context, &home, entry, (&before, &after))?;
            let reason = Skip::OnlyFollows;
            Ok(LineResult::Skipped { reason })
        }
        UpgradeStatus::Available(newer) => {
            let message = format!("Upgrade plugin '{}'", escape(&newer.plan.new_name));
            match newer.put_in_place(context, &ask, &home, ("upgrade", &message)) {
                Ok(outcome) => Ok(LineResult::Done { outcome }),
                // Among many a no is an answer like another, and no failure.
                Err(error) if error.kind() == ErrorKind::Declined && *which == Select::All => {
                    let reason = Skip::Declined;
                    Ok(LineResult::Skipped { reason })
                }
                Err(error) => Err(error),
            }
        }
    })
}

/// How a plugin stands to the newest commit of its source.
enum UpgradeStatus<'e> {
    Skipped(Skip),
    /// The commit that was asked for has the files that are there; what the plugin follows changes,
    /// from the first to the second.
    Followed(Followed, Followed),
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
    let to = match (to, which) {
        (At::Latest, _) => None,
        (At::Revision(to), Select::One(_)) => Some(to),
        (At::Revision(_), Select::All) => return Err(one_commit_for_all()),
    };
    let versions = followed::read(home)?;
    let stays = |entry: &Entry| match entry.source.kind {
        SourceKind::Local => Some(Skip::Local),
        _ if to.is_none() && versions.of(&entry.directory).held => Some(Skip::Held),
        SourceKind::Registry | SourceKind::Git => None,
    };
    let wants: Vec<Want<'_>> = entries
        .iter()
        .filter(|entry| stays(entry).is_none())
        .map(|entry| {
            let pin = entry.source.pin.as_ref();
            Want {
                entry,
                commit: match to {
                    Some(to) => Commit::At(to.clone()),
                    None => Commit::Newest(versions.of(&entry.directory)),
                },
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
        if let Some(reason) = stays(entry) {
            return match (which, reason) {
                (Select::All, reason) => Ok(UpgradeStatus::Skipped(reason)),
                (Select::One(_), Skip::Held) => Err(held(entry)),
                (Select::One(_), _) => Err(not_upgradable(entry)),
            };
        }
        let before = versions.of(&entry.directory);
        let after = |pin: &Pin| match to {
            Some(to) => followed::of_revision(Some(to), Some(pin)),
            None => Followed {
                pin: Some(pin.clone()),
                ..before.clone()
            },
        };
        match brought.next().ok_or_else(fetched_entries::lost)?? {
            FetchedEntry::Same { .. } => {
                let pin = entry
                    .source
                    .pin
                    .as_ref()
                    .ok_or_else(fetched_entries::lost)?;
                let after = after(pin);
                if on_disk(home, entry) != State::Ready {
                    let text = "its files do not match the pinned commit; installing the plugin \
                                restores them";
                    context.warn(Some(entry.directory.as_str()), text);
                }
                let is_changed = (&after.track, after.held) != (&before.track, before.held);
                Ok(match to.is_some() && is_changed {
                    true => UpgradeStatus::Followed(before, after),
                    false => UpgradeStatus::Skipped(Skip::UpToDate),
                })
            }
            FetchedEntry::Staged(tree) => {
                let pin = tree.pin.clone().ok_or_else(fetched_entries::lost)?;
                let newer =
                    StagedUpgrade::new(context, home, entry, tree, (before.clone(), after(&pin)))?;
                Ok(UpgradeStatus::Available(Box::new(newer)))
            }
        }
    };
    Ok(entries.iter().map(standing).collect())
}

/// Writes down what a plugin follows from now on.
fn follow(
    context: &Context<'_>,
    home: &HomeDir,
    entry: &Entry,
    (before, after): (&Followed, &Followed),
) -> Result<()> {
    let name = escape(&entry.name);
    let message = match &after.track {
        Some(track) => format!("Let plugin '{name}' follow {track}"),
        None => format!("Hold plugin '{name}'"),
    };
    followed::change(context, home, entry, (before, after), ("upgrade", &message)).map(drop)
}

fn one_commit_for_all() -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        "`to` names a commit, branch or tag of one source, so it needs a plugin",
    )
}

fn held(entry: &Entry) -> Error {
    let directory = entry.directory.as_str();
    Error::new(
        ErrorKind::Held,
        format!("`{directory}` is held at its commit"),
    )
    .with_plugin(directory)
    .with_help("release it, or name the version to upgrade to")
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
