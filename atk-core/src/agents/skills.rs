//! Agent skills: a directory with a `SKILL.md`, as <https://agentskills.io/specification> describes it.
//!
//! Agents may read, and run, all that is in a skill's directory. So they never get a plugin's own
//! directory, but a clean copy of what the plugin ships, or a link to it.
//!
//! ```text
//! <home>/.git/atk/skills/<name>/     the clean copy
//! ~/.agents/skills/<name>            a link to it, or a copy of it
//! ~/.claude/skills/<name>            the same
//! ```

mod clean_copy;
mod definition;
mod placed;
#[cfg(test)]
mod tests;

pub(crate) use clean_copy::clean_copy;
pub(crate) use definition::SkillDefinition;
pub(crate) use placed::{SkillState, place, remove, state};
