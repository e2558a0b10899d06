//! What all remotes share: how git is started, and what the user's configuration says.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::bounds::Bounds;
use super::child::WaitLimits;
use super::entry::entries_dir;
use super::settings::Settings;
use crate::error::Result;
use crate::model::git_url::GitUrl;
use crate::process::command::Commands;
use crate::process::program::GitProgram;

/// What the engine needs to know of its surroundings.
#[derive(Clone)]
pub(crate) struct EngineSettings {
    pub(crate) program: GitProgram,
    /// The environment of child processes; `GIT_*` variables pass by an allow-list.
    pub(crate) env: Arc<BTreeMap<OsString, OsString>>,
    pub(crate) cache_dir: PathBuf,
    pub(crate) bounds: Bounds,
    /// Bytes on disk that the cache may grow to.
    pub(crate) cache_limit: u64,
    /// No server is connected to; repositories at a path are no servers.
    pub(crate) offline: bool,
    /// Copies of repositories on other servers, by the canonical URLs of the repositories.
    pub(crate) mirrors: BTreeMap<String, Vec<GitUrl>>,
    /// A person sits at the terminal and may be asked for credentials there.
    pub(crate) interactive: bool,
}

/// Speaks to git servers and keeps what they send. Shared by threads, each with its own remotes.
pub(crate) struct Engine {
    config: EngineSettings,
    commands: OnceLock<Commands>,
    settings: OnceLock<Settings>,
}

impl Engine {
    /// Does nothing yet: git is looked for when it is first needed.
    pub(crate) fn new(config: EngineSettings) -> Self {
        Engine {
            config,
            commands: OnceLock::new(),
            settings: OnceLock::new(),
        }
    }

    pub(crate) fn config(&self) -> &EngineSettings {
        &self.config
    }

    /// The mirrors of a repository.
    pub(crate) fn mirrors(&self, url: &GitUrl) -> &[GitUrl] {
        let mirrors = self.config.mirrors.get(&url.canonical());
        mirrors.map_or(&[], Vec::as_slice)
    }

    /// How children are started.
    ///
    /// # Errors
    /// [`ErrorKind::GitMissing`](crate::ErrorKind::GitMissing).
    pub(crate) fn commands(&self) -> Result<&Commands> {
        if let Some(commands) = self.commands.get() {
            return Ok(commands);
        }
        let config = &self.config;
        let dir = entries_dir(&config.cache_dir);
        let commands = Commands::new(&config.program, &config.env, &dir, config.interactive)?;
        Ok(self.commands.get_or_init(|| commands))
    }

    /// What the user's configuration says, asked once.
    ///
    /// # Errors
    /// Those of [`Settings::read`].
    pub(crate) fn settings(&self, patience: WaitLimits<'_>) -> Result<&Settings> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let mut settings = Settings::read(self.commands()?.git(), patience)?;
        settings.offline = self.config.offline;
        Ok(self.settings.get_or_init(|| settings))
    }
}
