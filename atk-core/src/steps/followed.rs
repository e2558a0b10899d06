//! What the plugins of a home follow, as `atk.yaml` says, and changes of it.

use super::commit;
use super::context::Context;
use super::past_text::PastText;
pub(crate) use super::versions_file::read;
use crate::error::Result;
use crate::fetch::WantedCommit;
use crate::home::{Access, HomeDir, HomePath, Transaction};
use crate::host::Phase;
use crate::model::manifest::{Entry, Manifest};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::revision::Revision;
use crate::model::versions::{Followed, Versions};
use crate::outcome::select::{self, changed_meanwhile};
use crate::steps::commit::Finished;

/// The warning about a change that had to write the file anew.
pub(crate) const COMMENTS_LOST: &str = "the comments in `atk.yaml` could not be kept";

/// What a plugin follows after a user named a version of it. A commit cannot be followed: the plugin
/// is held there.
pub(crate) fn of_revision(revision: Option<&Revision>, pin: Option<&Pin>) -> Followed {
    let pin = pin.cloned();
    match revision {
        None => Followed {
            pin,
            ..Followed::default()
        },
        Some(Revision::Commit(_)) => Followed {
            pin,
            track: None,
            held: true,
        },
        Some(Revision::Name(name)) => Followed {
            pin,
            track: Some(name.clone()),
            held: false,
        },
    }
}

/// The commit that is the newest of what a plugin follows.
pub(crate) fn newest(entry: &Entry, followed: &Followed) -> WantedCommit {
    match &followed.track {
        None => WantedCommit::Newest,
        Some(name) => {
            // Where another tool moved the plugin, the tag need not be where its pin is.
            let is_moved = followed.is_moved(entry.source.pin.as_ref());
            let pin = entry.source.pin.clone().filter(|_| !is_moved);
            WantedCommit::Follow(name.clone(), pin)
        }
    }
}

/// Fails if what a plugin follows is no longer what it was when the operation began: another one
/// changed it before this one had the lock.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`](crate::ErrorKind::HomeInvalid).
pub(crate) fn standing(home: &HomeDir, entry: &Entry, before: &Followed) -> Result<()> {
    match read(home)?.of(&entry.directory) == *before {
        true => Ok(()),
        false => Err(changed_meanwhile(entry)),
    }
}

/// Writes down what a plugin follows, as part of a change, and forgets the plugins that the manifest
/// has no longer; the file is deleted with the last. `manifest` is what it says after the change. Returns a warning if the comments of
/// the file could not be kept.
pub(crate) fn record(
    transaction: &mut Transaction<'_>,
    home: &HomeDir,
    manifest: &Manifest,
    plugin: Option<(&PluginDir, &Followed)>,
) -> Result<Option<&'static str>> {
    write(transaction, home, manifest, |versions| match plugin {
        Some((directory, followed)) => versions.set(directory, followed),
        None => Ok(versions.clone()),
    })
}

/// The same for a plugin that comes back as the file had it before.
pub(crate) fn record_restored(
    transaction: &mut Transaction<'_>,
    home: &HomeDir,
    manifest: &Manifest,
    (plugin, past): ((&PluginDir, &Followed), &PastText),
) -> Result<Option<&'static str>> {
    write(transaction, home, manifest, |versions| {
        past.restore_followed(versions, plugin)
    })
}

fn write(
    transaction: &mut Transaction<'_>,
    home: &HomeDir,
    manifest: &Manifest,
    change: impl FnOnce(&Versions) -> Result<Versions>,
) -> Result<Option<&'static str>> {
    let before = read(home)?;
    let mut after = before.clone();
    for directory in before.directories() {
        if manifest.get(directory).is_none() {
            after = after.remove(directory)?;
        }
    }
    let after = change(&after)?;
    if after.text() != before.text() {
        let path = HomePath::versions();
        match after.text() {
            Some(text) => transaction.write(&path, text.as_bytes(), Access::Shared)?,
            None => transaction.remove(&path)?,
        }
    }
    Ok(after.comments_lost().then_some(COMMENTS_LOST))
}

/// Changes what a plugin follows, and nothing else; commits as the home's configuration says.
pub(crate) fn change(
    context: &Context<'_>,
    home: &HomeDir,
    entry: &Entry,
    followed: (&Followed, &Followed),
    commit: (&'static str, &str),
) -> Result<Finished> {
    change_named(context, home, (entry, None), followed, commit)
}

/// Changes what a plugin follows, and its display name if one is given; commits as the home's
/// configuration says.
pub(crate) fn change_named(
    context: &Context<'_>,
    home: &HomeDir,
    (entry, name): (&Entry, Option<&str>),
    (before, followed): (&Followed, &Followed),
    (operation, message): (&'static str, &str),
) -> Result<Finished> {
    let directory = &entry.directory;
    let locked = context.lock(home)?;
    let manifest = home.manifest_file(None)?;
    select::standing(manifest.manifest(), entry)?;
    standing(home, entry, before)?;
    let mut transaction = Transaction::begin(&locked, operation, Some(directory))?;
    let mut change = || -> Result<Vec<&'static str>> {
        let mut lost = Vec::new();
        if let Some(name) = name {
            let changed = manifest.set_name(directory, name)?;
            let bytes = changed.text().as_bytes();
            transaction.write(&HomePath::manifest(), bytes, Access::Shared)?;
            lost.extend(changed.lost_comments());
        }
        let plugin = Some((directory, followed));
        lost.extend(record(&mut transaction, home, manifest.manifest(), plugin)?);
        Ok(lost)
    };
    match change() {
        Ok(lost) => lost
            .into_iter()
            .for_each(|lost| context.warn(Some(directory.as_str()), lost)),
        Err(error) => return Err(commit::take_back(transaction, &[], error)),
    }
    context.step(Some(directory.as_str()), Phase::Committing, "committing");
    let paths = [HomePath::manifest(), HomePath::versions()];
    commit::commit(
        context,
        &locked,
        transaction,
        &manifest.manifest().config,
        message,
        &paths,
    )
    .map_err(|failed| commit::take_back(failed.transaction, &[], failed.error))
}
