//! An entry of an agent's file: which file, and where in it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::agent::{Agent, Entries, FileFormat};
use super::edit::{self, Format, Place, Trace};
use super::entry;
use super::location::Surroundings;
use crate::error::{Error, ErrorKind, Problem, Result};
use crate::text::escape;

/// An entry of an agent's file, which need not be there.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) agent: &'static Agent,
    /// The file, as the agent knows it: it may be a link.
    pub(crate) path: PathBuf,
    /// The directory of the project that it is for; none for the user.
    pub(crate) project: Option<PathBuf>,
    /// The key of the entry.
    pub(crate) name: String,
}

impl Target {
    /// The entry of a name in the file of the user, or of a project. `None` if the agent has no such
    /// file.
    pub(crate) fn new(
        agent: &'static Agent,
        name: &str,
        project: Option<&Path>,
        surroundings: Surroundings<'_>,
    ) -> Option<Target> {
        let path = match project {
            None => surroundings.first(agent.user_files.here())?,
            Some(project) => {
                let files = agent.project_files.iter();
                let files = files.map(|file| project.join(file.replace("<name>", name)));
                let files: Vec<_> = files.collect();
                let found = files.iter().find(|file| file.symlink_metadata().is_ok());
                found.or(files.first())?.clone()
            }
        };
        Some(Target {
            agent,
            path,
            project: project.map(Path::to_owned),
            name: name.to_owned(),
        })
    }

    /// The entry in the bytes of the file.
    ///
    /// # Errors
    /// [`ErrorKind::AgentFileInvalid`].
    pub(crate) fn read(&self, bytes: &[u8]) -> Result<Option<Value>> {
        let format = self.format();
        let read = self.with_place(|place| edit::read(format, bytes, place));
        read.map_err(|problem| self.invalid(problem))
    }

    /// The digest of the entry in the bytes of the file.
    ///
    /// # Errors
    /// As [`Target::read`].
    pub(crate) fn digest(&self, bytes: &[u8]) -> Result<Option<String>> {
        let found = self.read(bytes)?;
        Ok(found.map(|found| entry::digest(self.agent, &found)))
    }

    /// The bytes of the file with the entry in it.
    ///
    /// # Errors
    /// As [`Target::read`].
    pub(crate) fn set(&self, bytes: &[u8], value: &Value) -> Result<(Vec<u8>, Trace)> {
        let format = self.format();
        let set = self.with_place(|place| edit::set(format, bytes, place, value));
        set.map_err(|problem| self.invalid(problem))
    }

    /// The bytes of the file without the entry.
    ///
    /// # Errors
    /// As [`Target::read`].
    pub(crate) fn remove(&self, bytes: &[u8], trace: &Trace) -> Result<Vec<u8>> {
        let format = self.format();
        let removed = self.with_place(|place| edit::remove(format, bytes, place, trace));
        removed.map_err(|problem| self.invalid(problem))
    }

    fn format(&self) -> Format {
        match self.agent.format {
            FileFormat::Json => Format::Jsonc,
            FileFormat::Toml => Format::Toml,
            FileFormat::Yaml => Format::Yaml,
        }
    }

    fn with_place<T>(&self, act: impl FnOnce(&Place<'_>) -> T) -> T {
        match self.agent.entries {
            Entries::Keys(path) => {
                let path: Vec<&str> = path.iter().copied().chain([self.name.as_str()]).collect();
                act(&Place::Key(&path))
            }
            Entries::List { path, by } => act(&Place::Item {
                list: path,
                by,
                name: &self.name,
            }),
        }
    }

    fn invalid(&self, problem: Problem) -> Error {
        let file = escape(&self.path.to_string_lossy());
        let Problem { line, column, .. } = problem;
        let message = format!(
            "`{file}` of {} cannot be changed: line {line}, column {column}: {}",
            self.agent.name, problem.message
        );
        Error::new(ErrorKind::AgentFileInvalid, message)
            .with_path(&self.path)
            .with_problems(vec![Problem { file, ..problem }])
            .with_help("correct the file; it has not been changed")
    }
}
