//! What git's configuration says to this repository.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use git2::ConfigLevel;

use super::failure::failed;
use super::{Repository, init};
use crate::error::Result;

/// The configuration as git would read it in the environment that the library was given: the
/// system's file, the user's, the repository's and the environment's, the last one wins.
///
/// libgit2 alone would look at this process's environment, which need not be the same.
#[derive(Debug, Default)]
pub(super) struct GitConfig {
    /// Names in lower case.
    entries: Vec<(String, String)>,
    env: BTreeMap<OsString, OsString>,
    root: PathBuf,
}

impl GitConfig {
    /// Reads it as it is now.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::GitFailed`] if the repository's own configuration is broken.
    pub(super) fn read(home: &Repository) -> Result<Self> {
        let failed = |error| failed("cannot read the configuration of", &home.root, &error);
        let env = home.access.env().clone();
        let mut config = GitConfig {
            entries: Vec::new(),
            env,
            root: home.root.clone(),
        };
        for file in init::config_files(&home.access) {
            // Git says itself what is wrong with a file of the user's, when it is asked.
            let _ = git2::Config::open(&file).and_then(|file| config.add(&file, |_| true));
        }
        match git2::Repository::open(&home.root) {
            Ok(repository) => {
                let all = repository.config().map_err(failed)?;
                // Only libgit2's own reading knows whether such a condition holds.
                let conditional = config.has(|name| name.starts_with("includeif."));
                config
                    .add(&all, |level| conditional || is_own(level))
                    .map_err(failed)?;
            }
            // A format that libgit2 does not know.
            Err(_) => {
                for file in [
                    home.common_dir.join("config"),
                    home.git_dir.join("config.worktree"),
                ] {
                    if file.is_file() {
                        let file = git2::Config::open(&file).map_err(failed)?;
                        config.add(&file, |_| true).map_err(failed)?;
                    }
                }
            }
        }
        config.add_environment();
        Ok(config)
    }

    fn add(
        &mut self,
        config: &git2::Config,
        wanted: impl Fn(ConfigLevel) -> bool,
    ) -> Result<(), git2::Error> {
        config.entries(None)?.for_each(|entry| {
            if wanted(entry.level()) {
                let name = String::from_utf8_lossy(entry.name_bytes()).to_lowercase();
                // A name alone means true.
                let value = match entry.has_value() {
                    true => String::from_utf8_lossy(entry.value_bytes()).into_owned(),
                    false => "true".to_owned(),
                };
                self.entries.push((name, value));
            }
        })
    }

    /// `GIT_CONFIG_COUNT` and its pairs.
    fn add_environment(&mut self) {
        let get = |name: String| {
            let value = self.env.get(OsStr::new(&name))?;
            Some(value.to_string_lossy().into_owned())
        };
        let count = get("GIT_CONFIG_COUNT".into()).and_then(|count| count.parse::<usize>().ok());
        let pairs: Vec<_> = (0..count.unwrap_or(0).min(1000))
            .filter_map(|n| {
                let name = get(format!("GIT_CONFIG_KEY_{n}"))?;
                Some((name.to_lowercase(), get(format!("GIT_CONFIG_VALUE_{n}"))?))
            })
            .collect();
        self.entries.extend(pairs);
    }

    /// Returns true if a setting of such a name is made anywhere.
    pub(super) fn has(&self, name: impl Fn(&str) -> bool) -> bool {
        self.entries.iter().any(|(known, _)| name(known))
    }

    /// Returns the value that counts.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.entries.iter().rev();
        let (_, value) = values.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Returns a yes or no, if it is said.
    pub(super) fn is(&self, name: &str) -> Option<bool> {
        let value = self.get(name)?.to_lowercase();
        match value.as_str() {
            "true" | "yes" | "on" => Some(true),
            "" | "false" | "no" | "off" => Some(false),
            number => number.parse::<i64>().ok().map(|number| number != 0),
        }
    }

    /// Returns the file that a setting names; if it names none, the default in the user's
    /// configuration directory.
    pub(super) fn user_file(&self, name: &str, default: &str) -> Option<PathBuf> {
        match self.get(name) {
            Some("") => None,
            Some(path) => Some(self.expand(path)),
            None => {
                let xdg = self.var("XDG_CONFIG_HOME").map(PathBuf::from);
                let config = xdg.or_else(|| Some(self.home()?.join(".config")))?;
                Some(config.join("git").join(default))
            }
        }
    }

    /// A path of the configuration: `~/` is the user's home, and the rest starts at the work tree.
    fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.home()) {
            (Some(below), Some(home)) => home.join(below),
            _ => self.root.join(path),
        }
    }

    fn home(&self) -> Option<PathBuf> {
        self.var("HOME").map(PathBuf::from)
    }

    fn var(&self, name: &str) -> Option<&Path> {
        let value = self.env.get(OsStr::new(name))?;
        (!value.as_bytes().is_empty()).then(|| Path::new(value))
    }
}

fn is_own(level: ConfigLevel) -> bool {
    matches!(
        level,
        ConfigLevel::Local | ConfigLevel::Worktree | ConfigLevel::App | ConfigLevel::Highest
    )
}
