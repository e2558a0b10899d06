//! What becomes of a plugin's skill in each directory that agents look in.

use std::path::PathBuf;

use super::book::Book;
use super::skill::PluginSkill;
use super::skill_changes::SkillWrite;
use super::wanted::Wanted;
use crate::agents::agent::Agent;
use crate::agents::ledger::LedgerSkill;
use crate::agents::location::Surroundings;
use crate::agents::skills::Found;
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::EntryChange;
use crate::text::escape;

/// What is planned for the agents that look in one directory.
pub(crate) struct PlannedSkill {
    pub(crate) agents: Vec<&'static Agent>,
    /// Where the skill is, or is to be.
    pub(crate) path: PathBuf,
    pub(crate) change: EntryChange,
    pub(crate) reason: Option<String>,
    pub(crate) action: SkillAction,
}

/// What is to be done.
pub(crate) enum SkillAction {
    Nothing,
    /// More agents use what is there.
    Share(Vec<String>),
    Place(SkillWrite),
}

/// The path of a skill for an agent; `None` if it has no directory of skills that ATK knows.
pub(crate) fn path(
    agent: &Agent,
    name: &str,
    wanted: Wanted<'_>,
    surroundings: Surroundings<'_>,
) -> Option<PathBuf> {
    let directories = agent.skills?;
    let directory = match wanted.project {
        Some(project) => project.join(directories.project),
        None => surroundings.expand(directories.user)?,
    };
    Some(directory.join(name))
}

/// Decides by what is there, what the ledger says, and what the plugin ships.
///
/// # Errors
/// [`ErrorKind::AgentEntryForeign`], [`ErrorKind::Io`].
pub(crate) fn decide(
    book: &Book<'_>,
    skill: &PluginSkill,
    (path, agents): (PathBuf, Vec<&'static Agent>),
    wanted: Wanted<'_>,
) -> Result<PlannedSkill> {
    let plugin = skill.directory.as_str();
    let found = book.find_skill(&path, plugin)?;
    let record = book.ledger().skill(&path);
    let record = record.filter(|record| record.plugin == plugin);
    let all = all_agents(record, &agents);
    let place = |change, replaces_foreign| {
        let write = SkillWrite {
            path: path.clone(),
            project: wanted.project.map(ToOwned::to_owned),
            agents: all.clone(),
            is_copy: wanted.copy_skills,
            replaces_foreign,
        };
        (change, SkillAction::Place(write))
    };
    let as_recorded = |record: &LedgerSkill| {
        let placed = record.placed.as_ref();
        placed.is_some_and(|placed| placed.is(&found))
    };
    let mut reason = None;
    let (change, action) = match (record, &found) {
        (_, Found::Nothing) => place(EntryChange::Added, false),
        (Some(record), _) if as_recorded(record) => {
            let placed = record.placed.as_ref();
            let is_current = placed.is_some_and(|placed| {
                placed.digest == skill.digest && placed.is_copy == wanted.copy_skills
            }) && book.clean_digest(plugin).as_ref() == Some(&skill.digest);
            match (is_current, record.agents == all) {
                (true, true) => (EntryChange::Unchanged, SkillAction::Nothing),
                (true, false) => (EntryChange::Added, SkillAction::Share(all.clone())),
                (false, _) => place(EntryChange::Replaced, false),
            }
        }
        (Some(_), Found::Link) => place(EntryChange::Replaced, false),
        (Some(_), _) if wanted.overwrite => place(EntryChange::Replaced, true),
        (Some(_), _) => {
            reason = Some("it was edited after ATK placed it".to_owned());
            (EntryChange::Kept, SkillAction::Nothing)
        }
        // Someone placed what ATK would place.
        (None, Found::Link) => place(EntryChange::Adopted, false),
        (None, Found::Directory(digest)) if *digest == skill.digest => {
            place(EntryChange::Adopted, false)
        }
        (None, _) if wanted.adopt => place(EntryChange::Adopted, true),
        (None, _) => return Err(foreign(plugin, &path)),
    };
    Ok(PlannedSkill {
        agents,
        path,
        change,
        reason,
        action,
    })
}

/// The agents that use a skill from then on, in the order of their ids.
fn all_agents(record: Option<&LedgerSkill>, more: &[&'static Agent]) -> Vec<String> {
    let mut all: Vec<String> = record.map_or(Vec::new(), |record| record.agents.clone());
    all.extend(more.iter().map(|agent| agent.id.to_owned()));
    all.sort();
    all.dedup();
    all
}

fn foreign(plugin: &str, path: &std::path::Path) -> Error {
    let place = escape(&path.to_string_lossy());
    Error::new(
        ErrorKind::AgentEntryForeign,
        format!("`{place}` exists, and ATK did not place it"),
    )
    .with_plugin(plugin)
    .with_path(path)
}
