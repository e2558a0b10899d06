//! Takes the entries of a plugin away.

use std::path::Path;

use super::super::context::Context;
use super::book::{self, Book, Done};
use crate::agents::entry;
use crate::agents::file::ConfigFile;
use crate::agents::ledger::LedgerEntry;
use crate::agents::target::Target;
use crate::error::{ErrorKind, Result};
use crate::home::LockedHome;
use crate::model::name::PluginDir;
use crate::outcome::{EntryChange, PluggedEntry};
use crate::text::escape;

/// Which entries of a plugin are meant.
#[derive(Clone, Copy)]
pub(crate) struct Meant<'a> {
    /// The ids of the agents; none for all.
    pub(crate) agents: &'a [String],
    /// The project; all and the user without one.
    pub(crate) project: Option<&'a Path>,
    /// Removes entries that were edited.
    pub(crate) overwrite: bool,
}

/// The entries that were removed before their plugin is.
pub(crate) struct Unplugged<'a> {
    pub(crate) entries: Vec<PluggedEntry>,
    book: Option<Book<'a>>,
    done: Vec<Done>,
}

impl Unplugged<'_> {
    /// Restores the entries: the plugin stays.
    pub(crate) fn take_back(self, context: &Context<'_>) -> Vec<PluggedEntry> {
        if let Some(mut book) = self.book {
            book.take_back(context, self.done);
        }
        Vec::new()
    }
}

/// Removes the entries of a plugin that is about to be removed. An edited one stays, which is a
/// warning. So is a failure, if failures are ignored.
///
/// # Errors
/// As [`remove`].
pub(crate) fn before_removal<'a>(
    context: &Context<'_>,
    locked: &'a LockedHome<'a>,
    plugin: &PluginDir,
    ignore_failures: bool,
) -> Result<Unplugged<'a>> {
    let meant = Meant {
        agents: &[],
        project: None,
        overwrite: false,
    };
    let unplug = || -> Result<Unplugged<'a>> {
        let mut book = Book::open(locked)?;
        let (entries, done) = remove(context, &mut book, plugin.as_str(), meant)?;
        Ok(Unplugged {
            entries,
            book: Some(book),
            done,
        })
    };
    match unplug() {
        Ok(unplugged) => {
            for entry in &unplugged.entries {
                if let (EntryChange::Kept, Some(file)) = (entry.change, &entry.file) {
                    let file = escape(&file.to_string_lossy());
                    let text = format!("its entry in `{file}` was edited and stays there");
                    context.warn(Some(plugin.as_str()), &text);
                }
            }
            Ok(unplugged)
        }
        Err(error) if ignore_failures && error.kind() != ErrorKind::Cancelled => {
            let text = format!("its entries in the files of agents stay: {error}");
            context.warn(Some(plugin.as_str()), &text);
            Ok(Unplugged {
                entries: Vec::new(),
                book: None,
                done: Vec::new(),
            })
        }
        Err(error) => Err(error),
    }
}

/// Removes the entries of a plugin: all that are meant, or none. Also returns what takes it back.
///
/// # Errors
/// Those of the files. What was removed before the failure is put back.
pub(crate) fn remove(
    context: &Context<'_>,
    book: &mut Book<'_>,
    plugin: &str,
    meant: Meant<'_>,
) -> Result<(Vec<PluggedEntry>, Vec<Done>)> {
    let records = book.ledger().entries();
    let records = records.filter(|(_, entry)| {
        entry.plugin == plugin
            && (meant.agents.is_empty() || meant.agents.contains(&entry.agent))
            && (meant.project.is_none() || entry.project.as_deref() == meant.project)
    });
    let records: Vec<_> = records
        .map(|(file, entry)| {
            (
                book::target(&file.path, entry),
                file.path.clone(),
                entry.clone(),
            )
        })
        .collect();
    let mut entries = Vec::new();
    let mut done = Vec::new();
    for (target, path, record) in records {
        let mut outcome = PluggedEntry {
            agent: record.agent.clone(),
            file: Some(path),
            entry: record.name.clone(),
            change: EntryChange::Skipped,
            reason: Some("this version of ATK does not know the agent".to_owned()),
            content: None,
            backup: None,
        };
        if let Some(target) = target {
            outcome.reason = None;
            let removed = context
                .session
                .cancel
                .check()
                .and_then(|()| remove_one(book, &target, &record, meant, &mut outcome));
            match removed {
                Ok(change) => done.extend(change),
                Err(error) => {
                    book.take_back(context, done);
                    return Err(error);
                }
            }
        }
        entries.push(outcome);
    }
    Ok((entries, done))
}

fn remove_one(
    book: &mut Book<'_>,
    target: &Target,
    record: &LedgerEntry,
    meant: Meant<'_>,
    outcome: &mut PluggedEntry,
) -> Result<Option<Done>> {
    let present = target.read(ConfigFile::read(&target.path)?.bytes())?;
    let found = present
        .as_ref()
        .map(|found| entry::digest(target.agent, found));
    let is_edited = found.is_some() && found != record.digest;
    if is_edited && !meant.overwrite {
        outcome.change = EntryChange::Kept;
        outcome.reason = Some("it was edited after ATK wrote it".to_owned());
        return Ok(None);
    }
    if let (true, Some(present)) = (is_edited, &present) {
        let name = format!("{}-{}.json", target.agent.id, target.name);
        let text = serde_json::to_vec_pretty(present).unwrap_or_default();
        outcome.backup = Some(book.locked()?.back_up_bytes(&record.plugin, &name, &text)?);
    }
    outcome.change = match found.is_some() {
        true => EntryChange::Removed,
        false => EntryChange::Missing,
    };
    book.remove(target, found.as_deref()).map(Some)
}
