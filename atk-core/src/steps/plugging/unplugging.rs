//! Takes the entries and the skill of a plugin away.

use std::path::{Path, PathBuf};

use super::super::context::Context;
use super::super::installed_agents;
use super::book::{self, Book};
use super::done::Done;
use super::python_section;
use super::skill_states;
use crate::agents::entry;
use crate::agents::file::ConfigFile;
use crate::agents::ledger::{LedgerEntry, LedgerSkill};
use crate::agents::target::Target;
use crate::error::{ErrorKind, Result};
use crate::home::LockedHome;
use crate::model::name::PluginDir;
use crate::outcome::{EntryChange, PlugKind, PlugState, PluggedEntry};
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
#[must_use = "its plugin is removed, or not"]
pub(crate) struct Unplugged<'a> {
    pub(crate) entries: Vec<PluggedEntry>,
    book: Option<Book<'a>>,
    done: Vec<Done>,
}

impl Unplugged<'_> {
    /// Ends it: the plugin is removed.
    pub(crate) fn finish(self) -> Vec<PluggedEntry> {
        if let Some(book) = self.book {
            book.prune_skills();
        }
        self.entries
    }

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
                    let text = match entry.kind {
                        PlugKind::Server => {
                            format!("its entry in `{file}` was edited and stays there")
                        }
                        PlugKind::Skill => format!("its skill `{file}` was edited and stays"),
                    };
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

/// Removes the entries and the skill of a plugin: all that are meant, or none. Also returns what takes
/// it back.
///
/// # Errors
/// Those of the files. What was removed before the failure is put back.
pub(crate) fn remove(
    context: &Context<'_>,
    book: &mut Book<'_>,
    plugin: &str,
    meant: Meant<'_>,
) -> Result<(Vec<PluggedEntry>, Vec<Done>)> {
    let mut entries = Vec::new();
    let mut done = Vec::new();
    let mut act = || {
        remove_entries(context, book, plugin, meant, (&mut entries, &mut done))?;
        remove_skills(context, book, plugin, meant, (&mut entries, &mut done))?;
        remove_lines(context, book, plugin, meant, (&mut entries, &mut done))
    };
    match act() {
        Ok(()) => Ok((entries, done)),
        Err(error) => {
            book.take_back(context, done);
            Err(error)
        }
    }
}

impl Meant<'_> {
    fn has(&self, agent: &str, project: Option<&Path>) -> bool {
        (self.agents.is_empty() || self.agents.iter().any(|id| id == agent))
            && (self.project.is_none() || project == self.project)
    }
}

fn remove_entries(
    context: &Context<'_>,
    book: &mut Book<'_>,
    plugin: &str,
    meant: Meant<'_>,
    (entries, done): (&mut Vec<PluggedEntry>, &mut Vec<Done>),
) -> Result<()> {
    let records = book.ledger().entries();
    let records = records.filter(|(_, entry)| {
        entry.plugin == plugin && meant.has(&entry.agent, entry.project.as_deref())
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
    for (target, path, record) in records {
        context.session.cancel.check()?;
        let mut outcome = outcome(&record.agent, PlugKind::Server, &path, &record.name);
        match target {
            Some(target) => {
                done.extend(remove_one(book, &target, &record, meant, &mut outcome)?);
            }
            None => {
                outcome.reason = Some("this version of ATK does not know the agent".to_owned());
            }
        }
        entries.push(outcome);
    }
    Ok(())
}

/// A skill that other agents use stays for them.
fn remove_skills(
    context: &Context<'_>,
    book: &mut Book<'_>,
    plugin: &str,
    meant: Meant<'_>,
    (entries, done): (&mut Vec<PluggedEntry>, &mut Vec<Done>),
) -> Result<()> {
    let records = book.ledger().skills.iter();
    let records: Vec<_> = records
        .filter(|record| record.plugin == plugin)
        .cloned()
        .collect();
    for record in records {
        let is_meant = |agent: &String| meant.has(agent, record.project.as_deref());
        let (leaving, staying): (Vec<String>, Vec<String>) =
            record.agents.iter().cloned().partition(is_meant);
        if leaving.is_empty() {
            continue;
        }
        context.session.cancel.check()?;
        let (change, reason, removed) = match staying.is_empty() {
            false => {
                let reason = format!("it stays for {}", staying.join(", "));
                let removed = book.set_agents(&record.path, &staying)?.map(Done::from);
                (EntryChange::Removed, Some(reason), removed)
            }
            true => remove_skill(book, &record, meant)?,
        };
        for agent in leaving {
            let mut outcome = outcome(&agent, PlugKind::Skill, &record.path, plugin);
            outcome.change = change;
            outcome.reason.clone_from(&reason);
            let backup = removed.as_ref().and_then(Done::backup);
            outcome.backup = backup.map(Path::to_owned);
            entries.push(outcome);
        }
        done.extend(removed);
    }
    Ok(())
}

type Removal = (EntryChange, Option<String>, Option<Done>);

fn remove_skill(book: &mut Book<'_>, record: &LedgerSkill, meant: Meant<'_>) -> Result<Removal> {
    let state = skill_states::state(book, record)?;
    let is_edited = state == PlugState::Edited;
    if is_edited && !meant.overwrite {
        let reason = "it was edited after ATK placed it".to_owned();
        return Ok((EntryChange::Kept, Some(reason), None));
    }
    let change = match state {
        PlugState::Missing => EntryChange::Missing,
        _ => EntryChange::Removed,
    };
    let done = book.remove_skill(record, is_edited)?;
    Ok((change, None, Some(done.into())))
}

/// What the Python tool wrote of the skill into instructions for agents.
fn remove_lines(
    context: &Context<'_>,
    book: &mut Book<'_>,
    plugin: &str,
    meant: Meant<'_>,
    (entries, done): (&mut Vec<PluggedEntry>, &mut Vec<Done>),
) -> Result<()> {
    for (agent, path) in instructions(context) {
        if !meant.has(agent, None) {
            continue;
        }
        context.session.cancel.check()?;
        let Some(removed) = book.remove_lines(&path, plugin)? else {
            continue;
        };
        let mut outcome = outcome(agent, PlugKind::Skill, &path, plugin);
        outcome.change = EntryChange::Removed;
        entries.push(outcome);
        done.push(removed.into());
    }
    Ok(())
}

/// The instructions that the Python tool writes into, by the ids of their agents.
pub(crate) fn instructions(context: &Context<'_>) -> Vec<(&'static str, PathBuf)> {
    let env = context.env();
    let surroundings = installed_agents::surroundings(context, &env);
    let files = python_section::FILES.iter();
    let files = files.filter_map(|(agent, file)| Some((*agent, surroundings.expand(file)?)));
    files.collect()
}

fn outcome(agent: &str, kind: PlugKind, path: &Path, name: &str) -> PluggedEntry {
    PluggedEntry {
        agent: agent.to_owned(),
        kind,
        file: Some(path.to_owned()),
        entry: name.to_owned(),
        change: EntryChange::Skipped,
        reason: None,
        content: None,
        backup: None,
    }
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
    book.remove(target, found.as_deref())
        .map(|done| Some(done.into()))
}
