//! The states of the skills that agents see.

use std::collections::BTreeMap;

use super::book::Book;
use super::skill::{PluginSkill, SkillOfPlugin};
use crate::agents::known::KNOWN;
use crate::agents::ledger::LedgerSkill;
use crate::agents::location::Surroundings;
use crate::agents::skills::Found;
use crate::error::Result;
use crate::home::HomeDir;
use crate::model::manifest::Manifest;
use crate::model::pin::Pin;
use crate::outcome::{Plug, PlugKind, PlugState};
use crate::steps::installed_agents;

/// Returns the skills that ATK placed, once for each agent, and those of other writers that have the
/// name of a plugin with a skill.
pub(crate) fn all(
    book: &Book<'_>,
    home: &HomeDir,
    manifest: &Manifest,
    surroundings: Surroundings<'_>,
) -> Vec<Plug> {
    let skills = manifest.plugins.iter().filter_map(|entry| {
        let skill = SkillOfPlugin::read(home, entry).ok()?;
        Some((entry.directory.to_string(), skill))
    });
    let skills: BTreeMap<String, SkillOfPlugin> = skills.collect();
    let records = book.ledger().skills.iter();
    let mut plugs: Vec<Plug> = records
        .flat_map(|record| of_record(book, skills.get(&record.plugin), manifest, record))
        .collect();
    plugs.extend(foreign(book, &skills, surroundings));
    plugs
}

fn of_record(
    book: &Book<'_>,
    skill: Option<&SkillOfPlugin>,
    manifest: &Manifest,
    record: &LedgerSkill,
) -> Vec<Plug> {
    let mut installed = manifest.plugins.iter();
    let is_installed = installed.any(|entry| entry.directory.as_str() == record.plugin);
    let (state, reason) = match current(book, skill, record) {
        Ok(PlugState::Ok | PlugState::Outdated) if !is_installed => (PlugState::Orphaned, None),
        Ok(state) => (state, None),
        Err(error) => (PlugState::Unknown, Some(error.to_string())),
    };
    let agents = record.agents.iter();
    agents
        .map(|agent| Plug {
            plugin: record.plugin.clone(),
            agent: agent.clone(),
            kind: PlugKind::Skill,
            file: record.path.clone(),
            project: record.project.clone(),
            entry: record.plugin.clone(),
            state,
            reason: reason.clone(),
            pin: record.pin.as_deref().and_then(|pin| Pin::new(pin).ok()),
            written_at: Some(record.time),
        })
        .collect()
}

/// A skill is outdated if the plugin ships other files now, or none.
fn current(
    book: &Book<'_>,
    skill: Option<&SkillOfPlugin>,
    record: &LedgerSkill,
) -> Result<PlugState> {
    Ok(match (state(book, record)?, skill) {
        (PlugState::Ok, Some(SkillOfPlugin::None | SkillOfPlugin::Invalid(_))) => {
            PlugState::Outdated
        }
        (PlugState::Ok, Some(SkillOfPlugin::Valid(skill))) if !is_current(book, skill, record) => {
            PlugState::Outdated
        }
        (state, _) => state,
    })
}

/// The state of a skill that ATK placed, whatever the plugin ships now.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(crate) fn state(book: &Book<'_>, record: &LedgerSkill) -> Result<PlugState> {
    let found = book.find_skill(&record.path, &record.plugin)?;
    let is_as_placed = record
        .placed
        .as_ref()
        .is_some_and(|placed| placed.is(&found));
    Ok(match found {
        Found::Nothing => PlugState::Missing,
        _ if is_as_placed => PlugState::Ok,
        // A link to the clean copy is ATK's, in the place of a copy too.
        Found::Link => PlugState::Ok,
        Found::Directory(_) | Found::Other => PlugState::Edited,
    })
}

/// True if agents see what the plugin ships now.
pub(crate) fn is_current(book: &Book<'_>, skill: &PluginSkill, record: &LedgerSkill) -> bool {
    let placed = record.placed.as_ref();
    placed.is_some_and(|placed| placed.digest == skill.digest)
        && book.clean_digest(&record.plugin).as_ref() == Some(&skill.digest)
}

fn foreign(
    book: &Book<'_>,
    skills: &BTreeMap<String, SkillOfPlugin>,
    surroundings: Surroundings<'_>,
) -> Vec<Plug> {
    let mut plugs = Vec::new();
    let agents = KNOWN.iter();
    for agent in agents.filter(|agent| installed_agents::is_installed(agent, surroundings)) {
        let directory = agent
            .skills
            .and_then(|skills| surroundings.expand(skills.user));
        let Some(directory) = directory else {
            continue;
        };
        for (plugin, _) in skills.iter().filter(|(_, skill)| skill.valid().is_some()) {
            let path = directory.join(plugin);
            if book.ledger().skill(&path).is_some() || path.symlink_metadata().is_err() {
                continue;
            }
            plugs.push(Plug {
                plugin: plugin.clone(),
                agent: agent.id.to_owned(),
                kind: PlugKind::Skill,
                file: path,
                project: None,
                entry: plugin.clone(),
                state: PlugState::Foreign,
                reason: None,
                pin: None,
                written_at: None,
            });
        }
    }
    plugs
}
