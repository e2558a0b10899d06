//! Keeps the entries of a plugin true when it is upgraded.

use std::path::PathBuf;

use super::super::context::Context;
use super::book::{self, Book};
use super::entry_write::Write;
use super::server::PluginServer;
use super::states;
use crate::agents::entry;
use crate::agents::file::ConfigFile;
use crate::agents::ledger::LedgerEntry;
use crate::error::Result;
use crate::home::{HomeDir, LockedHome};
use crate::model::manifest::Entry;
use crate::model::pin::Pin;
use crate::model::plugin::Definition;
use crate::outcome::{EntryChange, PlugState, PluggedEntry};
use crate::text::escape;

/// Returns the entries that an upgrade changes: those that are as ATK wrote them, and whose content
/// the new version changes. What cannot be read is left to `plugs` to show.
pub(crate) fn plan(
    context: &Context<'_>,
    home: &HomeDir,
    plugin: &Entry,
    definition: &Definition,
    pin: &Pin,
) -> Vec<PluggedEntry> {
    let Ok(book) = Book::read(home) else {
        return Vec::new();
    };
    if !has_entries(&book, plugin) {
        return Vec::new();
    }
    let Ok(Some(old)) = PluginServer::read(context, home, plugin) else {
        return Vec::new();
    };
    let new = PluginServer::of(context, home, plugin, definition.clone(), Some(pin));
    let Ok(Some(new)) = new else {
        return Vec::new();
    };
    let records = book.ledger().entries();
    let records = records.filter(|(_, record)| record.plugin == plugin.directory.as_str());
    let changed = records.filter_map(|(file, record)| {
        let target = book::target(&file.path, record)?;
        let state = states::state(Some(&old), &target, record).ok()?;
        let value = new.entry(target.agent, record.form).ok()?;
        let digest = Some(entry::digest(target.agent, &value));
        (state == PlugState::Ok && digest != record.digest).then(|| PluggedEntry {
            agent: record.agent.clone(),
            file: Some(file.path.clone()),
            entry: record.name.clone(),
            change: EntryChange::Replaced,
            reason: None,
            content: Some(new.shown(&value, record.form)),
            backup: None,
        })
    });
    changed.collect()
}

/// Writes the entries of a plan, after the plugin has been upgraded. One that fails is a warning: it
/// is outdated then.
pub(crate) fn carry_out(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    plugin: &Entry,
    planned: &[PluggedEntry],
) {
    if planned.is_empty() {
        return;
    }
    let warn = |file: Option<&PathBuf>, error: &dyn std::fmt::Display| {
        let file = file.map_or(String::new(), |file| escape(&file.to_string_lossy()));
        let text = format!("the entry in `{file}` is still that of the old version: {error}");
        context.warn(Some(plugin.directory.as_str()), &text);
    };
    let prepared = || {
        Ok((
            Book::open(locked)?,
            PluginServer::read(context, locked.home(), plugin)?,
        ))
    };
    let (mut book, server) = match prepared() {
        Ok((book, Some(server))) => (book, server),
        Ok((_, None)) => return,
        Err::<_, crate::error::Error>(error) => {
            warn(planned.iter().find_map(|entry| entry.file.as_ref()), &error);
            return;
        }
    };
    for planned in planned {
        if let Err(error) = write(&mut book, &server, planned) {
            warn(planned.file.as_ref(), &error);
        }
    }
}

fn write(book: &mut Book<'_>, server: &PluginServer, planned: &PluggedEntry) -> Result<()> {
    let Some((target, record)) = recorded(book, planned) else {
        return Ok(());
    };
    let found = target.digest(ConfigFile::read(&target.path)?.bytes())?;
    let (Some(found), Ok(value)) = (found, server.entry(target.agent, record.form)) else {
        return Ok(());
    };
    // It was edited since the plan was made.
    if record.digest.as_ref() != Some(&found) {
        return Ok(());
    }
    let write = Write {
        target,
        form: record.form,
        change: EntryChange::Replaced,
        value,
        found: Some(found),
        replaces_foreign: None,
    };
    book.write(server, &write).map(drop)
}

fn recorded(
    book: &Book<'_>,
    planned: &PluggedEntry,
) -> Option<(crate::agents::target::Target, LedgerEntry)> {
    let file = book.ledger().file(planned.file.as_ref()?)?;
    let record = file.entry(&planned.entry)?;
    Some((book::target(&file.path, record)?, record.clone()))
}

fn has_entries(book: &Book<'_>, plugin: &Entry) -> bool {
    let mut records = book.ledger().entries();
    records.any(|(_, record)| record.plugin == plugin.directory.as_str())
}
