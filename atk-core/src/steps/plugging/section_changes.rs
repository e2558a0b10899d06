//! The lines that the Python tool wrote into instructions of agents.

use std::path::{Path, PathBuf};

use super::book::Book;
use super::python_section;
use crate::agents::file::{self, Change, ConfigFile};
use crate::error::Result;
use crate::text::escape;

/// Lines that were removed from a file.
pub(crate) struct SectionDone {
    path: PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
}

impl SectionDone {
    pub(super) fn what(&self) -> String {
        format!("lines of `{}`", escape(&self.path.to_string_lossy()))
    }
}

impl Book<'_> {
    /// True if one of the files has lines of the Python tool that name the skill of a plugin.
    pub(crate) fn has_lines(&self, files: &[(&str, PathBuf)], plugin: &str) -> bool {
        let skill = self.skill_of(plugin);
        files.iter().any(|(_, path)| {
            let file = ConfigFile::read(path);
            file.is_ok_and(|file| python_section::without(file.bytes(), &skill).is_some())
        })
    }

    /// As the Python tool names it.
    fn skill_of(&self, plugin: &str) -> PathBuf {
        self.root.join("plugins").join(plugin).join("SKILL.md")
    }

    /// Removes the lines of the Python tool that name the skill of a plugin. `None` if there are none.
    ///
    /// # Errors
    /// Those of the file.
    pub(crate) fn remove_lines(&self, path: &Path, plugin: &str) -> Result<Option<SectionDone>> {
        let skill = &self.skill_of(plugin);
        if let Some(directory) = path.parent() {
            self.writer.remove_leftovers(directory);
        }
        let changed = file::change(path, &self.writer, |file| {
            let before = file.bytes().to_vec();
            Ok(match python_section::without(&before, skill) {
                None => (Change::Nothing, None),
                Some(after) => {
                    let bytes = after.clone();
                    let is_private = false;
                    let path = path.to_owned();
                    let done = SectionDone {
                        path,
                        before,
                        after,
                    };
                    (Change::Write { bytes, is_private }, Some(done))
                }
            })
        })?;
        Ok(changed.value)
    }

    /// Puts the lines back, unless another program changed the file since.
    pub(super) fn undo_section(&mut self, done: &SectionDone) -> Result<()> {
        file::change(&done.path, &self.writer, |file| {
            let change = match file.bytes() == done.after {
                true => Change::Write {
                    bytes: done.before.clone(),
                    is_private: false,
                },
                false => Change::Nothing,
            };
            Ok((change, ()))
        })
        .map(drop)
    }
}
