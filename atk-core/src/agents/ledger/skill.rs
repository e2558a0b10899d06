//! What the ledger has of a skill.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::agents::skills::Found;

/// A skill that ATK placed where agents look for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerSkill {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The plugin's directory, which is the name of the skill too.
    pub(crate) plugin: String,
    /// The ids of the agents that it was placed for.
    pub(crate) agents: Vec<String>,
    /// The plugin's pin when it was placed; none for a local plugin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pin: Option<String>,
    /// The directory of the project that it is for; none for the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<PathBuf>,
    /// When it was placed, in seconds since 1970.
    pub(crate) time: u64,
    /// The directories that ATK created for it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) directories: Vec<PathBuf>,
    /// What was placed; none before it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) placed: Option<PlacedSkill>,
    /// The change that is being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<PendingSkill>,
}

/// A skill as it was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlacedSkill {
    /// The digest of its files.
    pub(crate) digest: String,
    /// True for a copy, false for a link to the clean copy.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_copy: bool,
}

/// A change of a skill that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PendingSkill {
    /// It is being placed, for these agents.
    Placing {
        skill: PlacedSkill,
        agents: Vec<String>,
    },
    /// It is being removed.
    Removing,
}

impl PlacedSkill {
    /// True if this is what was found.
    pub(crate) fn is(&self, found: &Found) -> bool {
        match found {
            Found::Link => !self.is_copy,
            Found::Directory(digest) => self.is_copy && *digest == self.digest,
            Found::Nothing | Found::Other => false,
        }
    }
}

impl LedgerSkill {
    /// Settles a pending change by what is there now. Returns false if the record is void.
    #[must_use = "a void record is to be removed"]
    pub(crate) fn settle(&mut self, found: &Found) -> bool {
        match self.pending.take() {
            None => true,
            Some(PendingSkill::Placing { skill, agents }) if skill.is(found) => {
                self.placed = Some(skill);
                self.agents = agents;
                true
            }
            // It was not placed: the record is what it was before, if there was one.
            Some(PendingSkill::Placing { .. }) => self.placed.is_some(),
            Some(PendingSkill::Removing) => *found != Found::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pending_is_settled_by_what_is_there() {
        let link = || PlacedSkill {
            digest: "one".into(),
            is_copy: false,
        };
        let copy = |digest: &str| PlacedSkill {
            digest: digest.into(),
            is_copy: true,
        };
        let settled = |placed: Option<PlacedSkill>, pending, found: Found| {
            let mut skill = LedgerSkill {
                path: "/x".into(),
                plugin: "tool".into(),
                agents: vec!["codex".into()],
                pin: None,
                project: None,
                time: 1,
                directories: Vec::new(),
                placed,
                pending,
            };
            let stays = skill.settle(&found);
            assert_eq!(skill.pending, None);
            stays.then(|| (skill.placed.unwrap(), skill.agents.join(",")))
        };
        let placing = |skill| {
            let agents = vec!["codex".into(), "gemini".into()];
            Some(PendingSkill::Placing { skill, agents })
        };
        let of = |placed, agents: &str| Some((placed, agents.to_owned()));
        let directory = |digest: &str| Found::Directory(digest.into());
        // A new one: placed, or not.
        let both = "codex,gemini";
        assert_eq!(
            settled(None, placing(link()), Found::Link),
            of(link(), both)
        );
        assert_eq!(settled(None, placing(link()), Found::Nothing), None);
        assert_eq!(settled(None, placing(copy("a")), directory("b")), None);
        // One that is replaced.
        let old = || Some(copy("a"));
        let new = || placing(copy("b"));
        assert_eq!(settled(old(), new(), directory("b")), of(copy("b"), both));
        assert_eq!(
            settled(old(), new(), directory("a")),
            of(copy("a"), "codex")
        );
        // One that is removed.
        let removing = || Some(PendingSkill::Removing);
        assert_eq!(settled(old(), removing(), Found::Nothing), None);
        assert_eq!(
            settled(old(), removing(), directory("a")),
            of(copy("a"), "codex")
        );
    }
}
