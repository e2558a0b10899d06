//! What was changed for agents, and how it is taken back.

use std::path::Path;

use super::super::context::Context;
use super::book::Book;
use super::entry_changes::EntryDone;
use super::section_changes::SectionDone;
use super::skill_changes::SkillDone;

/// A change that was made, and what takes it back.
pub(crate) enum Done {
    Entry(Box<EntryDone>),
    Skill(Box<SkillDone>),
    Section(Box<SectionDone>),
}

impl Done {
    /// The copy of what was replaced or removed, if it is one of a skill.
    pub(crate) fn backup(&self) -> Option<&Path> {
        match self {
            Done::Skill(done) => done.backup(),
            Done::Entry(_) | Done::Section(_) => None,
        }
    }
}

impl From<EntryDone> for Done {
    fn from(done: EntryDone) -> Self {
        Done::Entry(Box::new(done))
    }
}

impl From<SkillDone> for Done {
    fn from(done: SkillDone) -> Self {
        Done::Skill(Box::new(done))
    }
}

impl From<SectionDone> for Done {
    fn from(done: SectionDone) -> Self {
        Done::Section(Box::new(done))
    }
}

impl Book<'_> {
    /// Takes changes back, the last one first. What cannot be taken back is a warning.
    pub(crate) fn take_back(&mut self, context: &Context<'_>, done: Vec<Done>) {
        for done in done.into_iter().rev() {
            let (what, plugin) = match &done {
                Done::Entry(done) => (
                    format!("an entry of {}", done.target.agent.name),
                    Some(done.target.name.as_str()),
                ),
                Done::Skill(done) => (done.what(), Some(done.plugin())),
                Done::Section(done) => (done.what(), None),
            };
            let undone = match &done {
                Done::Entry(done) => self.undo_entry(done),
                Done::Skill(done) => self.undo_skill(done),
                Done::Section(done) => self.undo_section(done),
            };
            if let Err(error) = undone {
                let text = format!("{what} could not be restored: {error}");
                context.warn(plugin, &text);
            }
        }
    }
}
