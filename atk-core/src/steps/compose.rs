//! Adds the user's compose override to the `docker compose` commands of a lifecycle command.
//!
//! The files that compose would read without us are named first, then the user's. Which they are
//! is decided as compose itself does (docker/compose, `toProjectOptions`): the files in the
//! command; else `COMPOSE_FILE` of the environment or a file of variables; else the first default
//! name in the working directory or above it, with the override beside it. A definition that
//! names its compose file is believed.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::model::compose::{
    ComposeCall, DEFAULT_FILES, DEFAULT_OVERRIDES, read as read_line, shell_word,
};
use crate::model::env::EnvFile;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::model::plugin::{DEFAULT_COMPOSE_FILE, Definition, ServiceType};

/// A lifecycle command that is to run.
pub(crate) struct Compose<'a> {
    /// The plugin's directory, which is the working directory.
    pub(crate) dir: &'a Path,
    pub(crate) plugin: &'a PluginDir,
    pub(crate) definition: &'a Definition,
    pub(crate) event: LifecycleEvent,
    /// The environment of the command, with `.env` in it.
    pub(crate) env: &'a BTreeMap<OsString, OsString>,
}

impl Compose<'_> {
    /// Returns the command line to run, and what the user should know about the override.
    pub(crate) fn with_override(&self, command: &str) -> (String, Vec<String>) {
        let mut found = DEFAULT_OVERRIDES
            .into_iter()
            // Links are followed, as compose does: `custom/` is the user's.
            .filter(|name| self.dir.join(owned::CUSTOM).join(name).exists());
        let Some(chosen) = found.next() else {
            return (command.to_owned(), Vec::new());
        };
        let read = read_line(command);
        let missed = read.missed || (read.calls.is_empty() && self.runs_a_script(command));
        let mut warnings = Vec::new();
        if missed {
            warnings.push(self.not_applied(chosen));
        }
        if !read.calls.is_empty() {
            warnings.extend(found.map(|name| self.ignored(name, chosen)));
        }
        let mut line = command.to_owned();
        // From the end, so that the places that are left stay right.
        for call in read.calls.iter().rev() {
            let mut files = self.base_files(call);
            files.push(format!("custom/{chosen}"));
            let options: Vec<_> = files
                .iter()
                .map(|file| format!(" -f {}", shell_word(file)))
                .collect();
            line.insert_str(call.insert_at, &options.concat());
        }
        (line, warnings)
    }

    /// True for the start of a compose service by something that is not compose, a script say.
    fn runs_a_script(&self, command: &str) -> bool {
        let service = self.definition.service.as_ref();
        self.event == LifecycleEvent::Start
            && service.is_some_and(|service| service.kind == ServiceType::DockerCompose)
            && !command.contains("compose")
    }

    fn not_applied(&self, chosen: &str) -> String {
        let (event, plugin) = (self.event, self.plugin);
        format!(
            "`plugins/{plugin}/custom/{chosen}` is not applied to the `{event}` command of `{plugin}`: only \
             commands that start with `docker compose`, with plain options, get it; set `lifecycle.{event}` \
             in `plugins/{plugin}/custom/overrides.yaml` to such a command"
        )
    }

    fn ignored(&self, name: &str, chosen: &str) -> String {
        let plugin = self.plugin;
        format!(
            "`plugins/{plugin}/custom/{name}` is ignored: compose prefers `{chosen}`; delete one of them"
        )
    }

    /// The files that compose would read without the user's, if the command itself names none.
    fn base_files(&self, call: &ComposeCall) -> Vec<String> {
        if call.names_files {
            return Vec::new();
        }
        let work = call.project_directory.as_deref().unwrap_or_default();
        if let Some(files) = self.files_of_variable(call, work) {
            return files;
        }
        let service = self.definition.service.as_ref();
        let named = service.and_then(|service| service.compose_file.as_deref());
        match named.filter(|file| self.dir.join(file).exists()) {
            // A default name is still what compose would find: its override counts.
            Some(file) if work.is_empty() && DEFAULT_FILES.contains(&file) => {
                let beside = first(self.dir, &DEFAULT_OVERRIDES);
                [Some(file), beside]
                    .into_iter()
                    .flatten()
                    .map(str::to_owned)
                    .collect()
            }
            Some(file) => vec![file.to_owned()],
            None => self.default_files(work).unwrap_or_else(|| {
                // Compose will say that it is missing.
                vec![named.unwrap_or(DEFAULT_COMPOSE_FILE).to_owned()]
            }),
        }
    }

    /// The default file in the working directory, or in the nearest one above it that has one,
    /// and the override beside it.
    fn default_files(&self, work: &str) -> Option<Vec<String>> {
        let start = self.dir.join(work);
        let start = start.canonicalize().ok()?;
        for (up, dir) in start.ancestors().enumerate() {
            let Some(file) = first(dir, &DEFAULT_FILES) else {
                continue;
            };
            let shown = |name: &str| match up {
                0 => Path::new(work).join(name).to_string_lossy().into_owned(),
                _ => dir.join(name).to_string_lossy().into_owned(),
            };
            let beside = first(dir, &DEFAULT_OVERRIDES);
            return Some(
                [Some(file), beside]
                    .into_iter()
                    .flatten()
                    .map(shown)
                    .collect(),
            );
        }
        None
    }

    /// The files that `COMPOSE_FILE` lists. A blank value counts as none.
    fn files_of_variable(&self, call: &ComposeCall, work: &str) -> Option<Vec<String>> {
        let variables = self.variables(call, work);
        let value = |name: &str| variables(name).filter(|value| !value.is_empty());
        let list = value("COMPOSE_FILE")?;
        let separator = value("COMPOSE_PATH_SEPARATOR").unwrap_or_else(|| ":".to_owned());
        Some(list.split(&separator).map(str::to_owned).collect())
    }

    /// The variables that compose sees: those of the environment win over those of files.
    fn variables(&self, call: &ComposeCall, work: &str) -> impl Fn(&str) -> Option<String> {
        let of_process = |name: &str| Some(self.env.get(OsStr::new(name))?.to_str()?.to_owned());
        let files: Vec<String> = if call.env_files.is_empty() {
            let listed = of_process("COMPOSE_ENV_FILES").unwrap_or_default();
            listed
                .split(',')
                .filter(|file| !file.is_empty())
                .map(str::to_owned)
                .collect()
        } else {
            call.env_files.clone()
        };
        // Without any, compose reads the `.env` of its working directory. The one of the plugin
        // is in the environment already.
        let own = files.is_empty().then(|| format!("{work}/.env"));
        let own = own.filter(|_| !work.is_empty());
        let mut read = BTreeMap::new();
        for file in files.iter().chain(&own) {
            let bytes = std::fs::read(self.dir.join(file)).unwrap_or_default();
            let parsed = EnvFile::parse(&bytes).map(|file| file.values_over(&of_process));
            read.extend(parsed.unwrap_or_default());
        }
        move |name| of_process(name).or_else(|| read.get(name).cloned())
    }
}

/// The first of these names that exists in a directory.
fn first<'n>(dir: &Path, names: &[&'n str]) -> Option<&'n str> {
    names.iter().copied().find(|name| dir.join(name).exists())
}

#[cfg(test)]
mod tests;
