//! Changes of options as JSON: what a binding passes on when its language has a type for JSON and
//! none of ours.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::home::LockWait;
use crate::options::Options;
use crate::process::program::GitProgram;

/// Changes of [`Options`]; what is absent stays as it is.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OptionChanges {
    /// The registry: a URL, or the absolute path of a repository. It must not be blank.
    pub registry: Option<String>,
    /// Registries with a name, each with its URLs: the first is the registry, the others are mirrors.
    pub registries: BTreeMap<String, Vec<String>>,
    /// True: connect to no server. Whatever needs one fails with `offline`.
    pub offline: Option<bool>,
    /// The directory of the object cache. Anything in it may be deleted at any time.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub cache_dir: Option<PathBuf>,
    /// What relative paths of sources are relative to; the working directory if it is not given.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub base_dir: Option<PathBuf>,
    /// What a leading `~` of a path stands for; the directory of the user if it is not given.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub user_home: Option<PathBuf>,
    /// The git program, by an absolute path; the one on `PATH` if it is not given.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub git: Option<PathBuf>,
    /// The `atk` command that agents start, by an absolute path; the one on `PATH` if it is not given.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub atk: Option<PathBuf>,
    /// Changes of the environment that git and the commands of plugins get; null removes a variable.
    pub env: BTreeMap<String, Option<String>>,
    /// False: fail with `home_locked` if another process holds the home's lock, instead of waiting.
    pub wait: Option<bool>,
    /// Seconds without a byte after which a transfer ends; 30 if it is not given.
    pub network_timeout: Option<f64>,
    /// The lowest average rate of a transfer, in bytes a second; 1000 if it is not given, 0 for any.
    pub network_rate: Option<u64>,
    /// Seconds that the `status` command of a plugin may take; 10 if it is not given.
    pub status_timeout: Option<f64>,
    /// How many files and links a plugin may have; 10,000 if it is not given.
    pub max_files: Option<usize>,
    /// How many bytes a file of a plugin may have; 64 MiB if it is not given.
    pub max_file_bytes: Option<u64>,
    /// How many bytes all files of a plugin may have; 256 MiB if it is not given.
    pub max_plugin_bytes: Option<u64>,
    /// How many bytes a transfer from a git server may have, as they come and as they are unpacked; 512 MiB
    /// if it is not given.
    pub max_transfer_bytes: Option<u64>,
    /// How many bytes the object cache may have; 1 GiB if it is not given. Above it, the repositories that
    /// were unused for the longest time are deleted.
    pub cache_limit: Option<u64>,
}

impl OptionChanges {
    /// Makes the changes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if a time is negative or too large.
    pub fn apply(self, options: &mut Options) -> Result<()> {
        if let Some(timeout) = self.network_timeout {
            options.network_timeout = seconds(timeout)?;
        }
        if let Some(timeout) = self.status_timeout {
            options.status_timeout = seconds(timeout)?;
        }
        options.registry = self
            .registry
            .unwrap_or(std::mem::take(&mut options.registry));
        options.registries.extend(self.registries);
        options.offline = self.offline.unwrap_or(options.offline);
        options.cache_dir = self
            .cache_dir
            .unwrap_or(std::mem::take(&mut options.cache_dir));
        options.base_dir = self.base_dir.or(options.base_dir.take());
        options.user_home = self.user_home.or(options.user_home.take());
        if let Some(program) = self.git {
            options.git = GitProgram::At(program);
        }
        options.atk = self.atk.or(options.atk.take());
        for (name, value) in self.env {
            match value {
                Some(value) => options.env.insert(name.into(), value.into()),
                None => options.env.remove(&OsString::from(name)),
            };
        }
        if let Some(wait) = self.wait {
            options.lock = if wait { LockWait::Wait } else { LockWait::Fail };
        }
        let limits = &mut options.limits;
        limits.files = self.max_files.unwrap_or(limits.files);
        limits.file_bytes = self.max_file_bytes.unwrap_or(limits.file_bytes);
        limits.plugin_bytes = self.max_plugin_bytes.unwrap_or(limits.plugin_bytes);
        limits.transfer_bytes = self.max_transfer_bytes.unwrap_or(limits.transfer_bytes);
        options.network_rate = self.network_rate.unwrap_or(options.network_rate);
        options.cache_limit = self.cache_limit.unwrap_or(options.cache_limit);
        Ok(())
    }
}

fn seconds(number: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(number).map_err(|cause| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("`{number}` is not a number of seconds"),
        )
        .with_cause(cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_apply_to_what_they_name() {
        let mut options = Options::new("/cache");
        options.env.insert("A".into(), "1".into());
        let changes = r#"{"registry": "/r", "env": {"A": null, "B": "2"}, "wait": false, "network_timeout": 0.5, "status_timeout": 2, "max_files": 7}"#;
        let changes: OptionChanges = serde_json::from_str(changes).unwrap();
        changes.apply(&mut options).unwrap();
        assert_eq!(options.registry, "/r");
        assert_eq!(options.cache_dir, PathBuf::from("/cache"));
        assert_eq!(options.env.len(), 1);
        assert_eq!(options.network_timeout, Duration::from_millis(500));
        assert_eq!(options.status_timeout, Duration::from_secs(2));
        assert_eq!((options.limits.files, options.lock), (7, LockWait::Fail));
        assert!(serde_json::from_str::<OptionChanges>(r#"{"regsitry": ""}"#).is_err());
    }
}
