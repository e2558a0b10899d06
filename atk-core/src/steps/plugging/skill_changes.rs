//! Skills: placed and removed, with a record of each change before it is made.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::book::{Book, now};
use super::skill::PluginSkill;
use crate::agents::file;
use crate::agents::ledger::{LedgerSkill, PendingSkill, PlacedSkill};
use crate::agents::skills::{self, Found};
use crate::error::Result;
use crate::text::escape;

/// A skill that is to be placed.
pub(crate) struct SkillWrite {
    pub(crate) path: PathBuf,
    pub(crate) project: Option<PathBuf>,
    /// The ids of all agents that it is for from then on.
    pub(crate) agents: Vec<String>,
    pub(crate) is_copy: bool,
    /// True if something is replaced that ATK did not place as it is.
    pub(crate) replaces_foreign: bool,
}

/// A change of a skill that was made, and what takes it back.
pub(crate) struct SkillDone {
    plugin: String,
    path: PathBuf,
    before: Option<LedgerSkill>,
    undo: Undo,
}

/// What takes a change back.
enum Undo {
    /// A newer version replaced an older one, and stays.
    Nothing,
    Remove,
    PlaceAgain,
    /// From the copy of what was there.
    Restore(PathBuf),
}

impl SkillDone {
    pub(super) fn what(&self) -> String {
        format!("the skill `{}`", escape(&self.path.to_string_lossy()))
    }

    pub(super) fn plugin(&self) -> &str {
        &self.plugin
    }

    /// The copy of what was replaced or removed.
    pub(crate) fn backup(&self) -> Option<&Path> {
        match &self.undo {
            Undo::Restore(backup) => Some(backup),
            Undo::Nothing | Undo::Remove | Undo::PlaceAgain => None,
        }
    }
}

impl Book<'_> {
    /// The directory of a plugin's clean copy.
    pub(crate) fn clean_copy(&self, plugin: &str) -> PathBuf {
        self.skills.join(plugin)
    }

    /// What is at a place of a plugin's skill.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn find_skill(&self, path: &Path, plugin: &str) -> Result<Found> {
        skills::find(path, &self.clean_copy(plugin))
    }

    /// The digest of a plugin's clean copy; none if there is no such copy.
    pub(crate) fn clean_digest(&self, plugin: &str) -> Option<String> {
        let clean = self.clean_copy(plugin);
        clean.is_dir().then(|| skills::digest_of(&clean).ok())?
    }

    /// Writes the clean copy of a skill, and places it.
    ///
    /// # Errors
    /// Those of the files.
    pub(crate) fn place_skill(
        &mut self,
        skill: &PluginSkill,
        write: &SkillWrite,
    ) -> Result<SkillDone> {
        let plugin = skill.directory.as_str();
        let found = self.find_skill(&write.path, plugin)?;
        let before = self.ledger.skill(&write.path).cloned();
        let backup = match write.replaces_foreign {
            true => Some(self.back_up_skill(plugin, &write.path)?),
            false => None,
        };
        let undo = match (backup, found) {
            (Some(backup), _) => Undo::Restore(backup),
            (None, Found::Nothing) => Undo::Remove,
            (None, _) => Undo::Nothing,
        };
        let mut next = LedgerSkill {
            path: write.path.clone(),
            plugin: plugin.to_owned(),
            agents: write.agents.clone(),
            pin: skill.pin.clone(),
            project: write.project.clone(),
            time: now(),
            directories: before
                .as_ref()
                .map_or(Vec::new(), |skill| skill.directories.clone()),
            placed: before.as_ref().and_then(|skill| skill.placed.clone()),
            pending: None,
        };
        next.directories.extend(missing_directories(&write.path));
        let placed = PlacedSkill {
            digest: skill.digest.clone(),
            is_copy: write.is_copy,
        };
        next.pending = Some(PendingSkill::Placing {
            skill: placed.clone(),
            agents: write.agents.clone(),
        });
        if let Some(before) = &before {
            next.agents.clone_from(&before.agents);
        }
        self.ledger.replace_skill(&write.path, Some(next.clone()));
        self.save()?;
        let clean = self.clean_copy(plugin);
        let done = skill.files.copy_to(&self.skills, plugin, &self.writer);
        let done =
            done.and_then(|()| skills::place(&write.path, &clean, write.is_copy, &self.writer));
        if let Err(error) = done {
            self.settle_skill(&write.path, plugin)?;
            return Err(error);
        }
        next.pending = None;
        next.placed = Some(placed);
        next.agents.clone_from(&write.agents);
        self.ledger.replace_skill(&write.path, Some(next));
        self.save()?;
        Ok(SkillDone {
            plugin: plugin.to_owned(),
            path: write.path.clone(),
            before,
            undo,
        })
    }

    /// Records for which agents a skill is, and changes nothing else.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn set_agents(
        &mut self,
        path: &Path,
        agents: &[String],
    ) -> Result<Option<SkillDone>> {
        let Some(before) = self.ledger.skill(path).cloned() else {
            return Ok(None);
        };
        let next = LedgerSkill {
            agents: agents.to_owned(),
            ..before.clone()
        };
        self.ledger.replace_skill(path, Some(next));
        self.save()?;
        Ok(Some(SkillDone {
            plugin: before.plugin.clone(),
            path: path.to_owned(),
            before: Some(before),
            undo: Undo::Nothing,
        }))
    }

    /// Removes a skill that was placed. If it is not there any more, only its record goes.
    ///
    /// # Errors
    /// Those of the files.
    pub(crate) fn remove_skill(
        &mut self,
        record: &LedgerSkill,
        is_edited: bool,
    ) -> Result<SkillDone> {
        let LedgerSkill { path, plugin, .. } = record;
        let found = self.find_skill(path, plugin)?;
        let undo = match (is_edited, &found) {
            (_, Found::Nothing) => Undo::Nothing,
            (true, _) => Undo::Restore(self.back_up_skill(plugin, path)?),
            (false, _) => Undo::PlaceAgain,
        };
        if found != Found::Nothing {
            self.take_skill_away(record)?;
        }
        file::remove_directories(&record.directories);
        self.ledger.replace_skill(path, None);
        self.save()?;
        Ok(SkillDone {
            plugin: plugin.clone(),
            path: path.clone(),
            before: Some(record.clone()),
            undo,
        })
    }

    /// Removes the clean copies that nothing refers to. One that cannot be removed is tried again by the
    /// next operation.
    pub(crate) fn prune_skills(&self) {
        self.writer.remove_leftovers(&self.skills);
        let recorded = self.ledger.skills.iter();
        let recorded: BTreeSet<_> = recorded.map(|skill| skill.plugin.as_str()).collect();
        let copies = fs::read_dir(&self.skills).into_iter().flatten().flatten();
        for copy in copies {
            let is_needed =
                |name: &OsStr| name.to_str().is_some_and(|name| recorded.contains(name));
            if !is_needed(&copy.file_name()) {
                let _ = fs::remove_dir_all(copy.path());
            }
        }
        // Only an empty one goes.
        let _ = fs::remove_dir(&self.skills);
    }

    pub(super) fn undo_skill(&mut self, done: &SkillDone) -> Result<()> {
        let path = &done.path;
        let now = self.ledger.skill(path).cloned();
        match (&done.undo, now) {
            (Undo::Nothing, now) => {
                let kept = done.before.clone().map(|before| LedgerSkill {
                    placed: now.and_then(|now| now.placed).or(before.placed.clone()),
                    ..before
                });
                self.ledger.replace_skill(path, kept);
                return self.save();
            }
            (Undo::Remove, Some(now)) => {
                self.take_skill_away(&now)?;
                file::remove_directories(&now.directories);
            }
            (Undo::Remove, None) => {}
            (Undo::PlaceAgain, _) => return self.place_again(done),
            (Undo::Restore(backup), now) => {
                if let Some(now) = now {
                    self.take_skill_away(&now)?;
                }
                skills::restore(backup, path)?;
            }
        }
        self.ledger.replace_skill(path, done.before.clone());
        self.save()
    }

    fn place_again(&mut self, done: &SkillDone) -> Result<()> {
        let Some(before) = &done.before else {
            return Ok(());
        };
        let Some(mut placed) = before.placed.clone() else {
            return Ok(());
        };
        let clean = self.clean_copy(&done.plugin);
        placed.digest = skills::digest_of(&clean)?;
        let mut next = before.clone();
        next.pending = Some(PendingSkill::Placing {
            skill: placed.clone(),
            agents: before.agents.clone(),
        });
        self.ledger.replace_skill(&done.path, Some(next.clone()));
        self.save()?;
        skills::place(&done.path, &clean, placed.is_copy, &self.writer)?;
        next.placed = Some(placed);
        next.pending = None;
        self.ledger.replace_skill(&done.path, Some(next));
        self.save()
    }

    fn take_skill_away(&mut self, record: &LedgerSkill) -> Result<()> {
        let mut next = record.clone();
        next.pending = Some(PendingSkill::Removing);
        self.ledger.replace_skill(&record.path, Some(next));
        self.save()?;
        skills::remove(&record.path, &self.writer)
            .inspect_err(|_| drop(self.settle_skill(&record.path, &record.plugin)))
    }

    fn settle_skill(&mut self, path: &Path, plugin: &str) -> Result<()> {
        let found = self.find_skill(path, plugin)?;
        if let Some(mut record) = self.ledger.skill(path).cloned() {
            let stays = record.settle(&found);
            if !stays {
                file::remove_directories(&record.directories);
            }
            self.ledger.replace_skill(path, stays.then_some(record));
        }
        self.save()
    }

    fn back_up_skill(&self, plugin: &str, path: &Path) -> Result<PathBuf> {
        let directory = self.locked()?.backup_directory(plugin)?;
        let backup = directory.join(path.file_name().unwrap_or(OsStr::new("skill")));
        skills::back_up(path, &backup)?;
        Ok(backup)
    }
}

/// The directories that are created for a skill, outermost first.
fn missing_directories(path: &Path) -> Vec<PathBuf> {
    let missing = path.ancestors().skip(1);
    let missing: Vec<_> = missing.take_while(|path| !path.exists()).collect();
    missing.into_iter().rev().map(Path::to_owned).collect()
}
