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
mod digest;
mod placed;
mod put;
#[cfg(test)]
mod tests;

pub(crate) use clean_copy::CleanFiles;
pub(crate) use definition::SkillDefinition;
pub(crate) use digest::digest_of;
pub(crate) use placed::{Found, back_up, find, place, remove, restore};
