//! What the library is told of its surroundings.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::home::{Checkpoint, LockWait};
pub use crate::model::limits::Limits;
use crate::process::program::GitProgram;

/// The registry that is used where none is named.
pub const DEFAULT_REGISTRY: &str = "https://github.com/Svtoo/atk-registry";

/// What the library needs to know of its surroundings; it never looks for itself.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The registry: a URL, or the absolute path of a repository.
    pub registry: String,
    /// Registries with a name, beside those of the home's `atk.yaml`, which they stand for if the names
    /// are the same. Of the URLs of each, the first is the registry; the others are mirrors, tried in order
    /// if the one before cannot be reached.
    pub registries: BTreeMap<String, Vec<String>>,
    /// True if no operation is to connect to a server; also set by `offline: true` in the home's
    /// `atk.yaml`. What a server would have to be asked for is then the error
    /// [`ErrorKind::Offline`]. Repositories at a path, and the plugins' own commands, are not concerned.
    pub offline: bool,
    /// Where fetched objects are kept between calls. Anything in it may be deleted at any time. If
    /// it is empty, operations that fetch are errors.
    pub cache_dir: PathBuf,
    /// What relative paths of sources are relative to. Without it they are errors.
    pub base_dir: Option<PathBuf>,
    /// What a leading `~` stands for. Without it that is an error.
    pub user_home: Option<PathBuf>,
    /// The git program.
    pub git: GitProgram,
    /// The `atk` command, which the files of agents name; the first on the `PATH` of the environment
    /// without one.
    pub atk: Option<PathBuf>,
    /// The environment of child processes. `GIT_*` variables pass by an allow-list.
    pub env: BTreeMap<OsString, OsString>,
    /// What to do while another process holds the home's lock.
    pub lock: LockWait,
    /// How long a transfer may go without a byte of what was asked for before it ends. Progress
    /// messages of a server do not count.
    pub network_timeout: Duration,
    /// The lowest average rate of a transfer, in bytes a second, over each [`network_timeout`]: a
    /// slower one ends. 0 allows any.
    ///
    /// [`network_timeout`]: Options::network_timeout
    pub network_rate: u64,
    /// How long the `status` command of a plugin may take before it is ended.
    pub status_timeout: Duration,
    /// How large a plugin, and what a server sends for it, may be.
    pub limits: Limits,
    /// How large the object cache may grow, in bytes. Above it, ATK deletes the repositories that
    /// were unused for the longest time.
    pub cache_limit: u64,
    /// Called before each step that changes the home; for tests that stop a process there.
    #[doc(hidden)]
    pub checkpoint: Option<Checkpoint>,
}

impl Options {
    /// Options with everything at its default, and an empty environment.
    #[must_use]
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Options {
            registry: DEFAULT_REGISTRY.to_owned(),
            registries: BTreeMap::new(),
            offline: false,
            cache_dir: cache_dir.into(),
            base_dir: None,
            user_home: None,
            git: GitProgram::FromPath,
            atk: None,
            env: BTreeMap::new(),
            lock: LockWait::Wait,
            network_timeout: Duration::from_secs(30),
            network_rate: 1000,
            status_timeout: Duration::from_secs(10),
            limits: Limits::default(),
            cache_limit: 1 << 30,
            checkpoint: None,
        }
    }

    /// The options, and the home's path, that a program's environment asks for: `ATK_HOME`, else
    /// `~/.atk`; `ATK_REGISTRY_URL`; `ATK_CACHE_DIR`, else `$XDG_CACHE_HOME/atk`, else
    /// `~/.cache/atk`. Faces share this, so that they agree; the library itself never looks.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if neither `ATK_HOME` nor `HOME` is set.
    pub fn from_vars(
        vars: impl IntoIterator<Item = (OsString, OsString)>,
        base_dir: Option<PathBuf>,
    ) -> Result<(PathBuf, Options)> {
        let env: BTreeMap<OsString, OsString> = vars.into_iter().collect();
        let var = |name: &str| env.get(OsStr::new(name)).filter(|value| !value.is_empty());
        let user_home = var("HOME").map(PathBuf::from);
        let under_home = |path: &str| {
            user_home
                .as_ref()
                .map(|home| home.join(path))
                .ok_or_else(|| {
                    Error::new(
                        ErrorKind::InvalidArgument,
                        "the home's location is unknown: neither `ATK_HOME` nor `HOME` is set",
                    )
                })
        };
        let home = match var("ATK_HOME") {
            Some(home) => expand_user(Path::new(home), user_home.as_deref(), base_dir.as_deref()),
            None => under_home(".atk")?,
        };
        let cache_dir = match (var("ATK_CACHE_DIR"), var("XDG_CACHE_HOME")) {
            (Some(dir), _) => PathBuf::from(dir),
            (None, Some(dir)) if Path::new(dir).is_absolute() => Path::new(dir).join("atk"),
            // What fetches nothing works without.
            (None, _) => under_home(".cache/atk").unwrap_or_default(),
        };
        let registry = var("ATK_REGISTRY_URL").map_or_else(
            || DEFAULT_REGISTRY.to_owned(),
            |url| url.to_string_lossy().into_owned(),
        );
        let options = Options {
            registry,
            base_dir,
            user_home,
            env,
            ..Options::new(cache_dir)
        };
        Ok((home, options))
    }
}

/// Expands a leading `~` and makes a relative path absolute, as far as the surroundings are known.
fn expand_user(path: &Path, user_home: Option<&Path>, base_dir: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), user_home, base_dir) {
        (Ok(rest), Some(home), _) => home.join(rest),
        (Err(_), _, Some(base)) => base.join(path),
        _ => path.to_owned(),
    }
}

impl std::fmt::Debug for Options {
    /// Shows no environment: it holds secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("registry", &self.registry)
            .field("cache_dir", &self.cache_dir)
            .finish_non_exhaustive()
    }
}
