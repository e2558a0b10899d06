//! The library's front: a handle on a home, and one method an operation.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::git::program::GitProgram;
use crate::home::{Checkpoint, LockWait};
use crate::host::{CancelToken, Host};
pub use crate::model::limits::Limits;
use crate::model::source::Source;
use crate::ops;
use crate::ops::{AddOptions, Added, At, CacheReport, Fetched, Initialized, Installed};

/// The registry that is used where none is named.
pub const DEFAULT_REGISTRY: &str = "https://github.com/Svtoo/atk-registry";

/// A handle on a home. Cheap to clone; clones share the object cache. Opening one reads nothing:
/// each operation checks what it needs.
#[derive(Debug, Clone)]
pub struct Atk {
    pub(crate) home: Arc<Path>,
    pub(crate) options: Arc<Options>,
    pub(crate) cancel: CancelToken,
}

/// What the library needs to know of its surroundings; it never looks for itself.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The registry: a URL, or the absolute path of a repository.
    pub registry: String,
    /// Where fetched objects are kept between calls. Anything in it may be deleted at any time.
    pub cache_dir: PathBuf,
    /// What relative paths of sources are relative to. Without it they are errors.
    pub base_dir: Option<PathBuf>,
    /// What a leading `~` stands for. Without it that is an error.
    pub user_home: Option<PathBuf>,
    /// The git program.
    pub git: GitProgram,
    /// The environment of child processes. `GIT_*` variables pass by an allow-list.
    pub env: BTreeMap<OsString, OsString>,
    /// What to do while another process holds the home's lock.
    pub lock: LockWait,
    /// How long a transfer may go without a byte before it ends.
    pub network_timeout: Duration,
    /// How large a plugin may be.
    pub limits: Limits,
    /// How large the object cache may grow, in bytes, before the repositories that were not used
    /// for the longest time go.
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
            cache_dir: cache_dir.into(),
            base_dir: None,
            user_home: None,
            git: GitProgram::FromPath,
            env: BTreeMap::new(),
            lock: LockWait::Wait,
            network_timeout: Duration::from_secs(30),
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
    /// [`ErrorKind::InvalidArgument`] where neither `ATK_HOME` nor `HOME` says where the home is.
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
                .ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "`HOME` is not set"))
        };
        let home = match var("ATK_HOME") {
            Some(home) => expand_user(Path::new(home), user_home.as_deref(), base_dir.as_deref()),
            None => under_home(".atk")?,
        };
        let cache_dir = match (var("ATK_CACHE_DIR"), var("XDG_CACHE_HOME")) {
            (Some(dir), _) => PathBuf::from(dir),
            (None, Some(dir)) if Path::new(dir).is_absolute() => Path::new(dir).join("atk"),
            (None, _) => under_home(".cache/atk")?,
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

impl Atk {
    /// Makes a handle on the home at an absolute path, which need not exist yet.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] where a path is not absolute.
    pub fn open(home: impl AsRef<Path>, options: Options) -> Result<Atk> {
        for path in [home.as_ref(), &options.cache_dir] {
            if !path.is_absolute() {
                return Err(Error::new(
                    ErrorKind::InvalidArgument,
                    format!("the path `{}` is not absolute", path.display()),
                )
                .with_path(path));
            }
        }
        Ok(Atk {
            home: home.as_ref().into(),
            options: Arc::new(options),
            cancel: CancelToken::new(),
        })
    }

    /// The same handle, whose operations end when the token is cancelled.
    #[must_use]
    pub fn with_cancel(&self, token: &CancelToken) -> Atk {
        Atk {
            cancel: token.clone(),
            ..self.clone()
        }
    }

    /// The home's path.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Creates the home: layout, repository, first commit. A valid home is left as it is.
    ///
    /// # Errors
    /// [`ErrorKind::HomeOccupied`] where the directory holds other things.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Atk, Options, Silent, Source, At, ErrorKind};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// let made = atk.init(&Silent)?;
    /// assert!(made.created);
    /// assert!(!atk.init(&Silent)?.created, "it is a home already");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn init(&self, host: &dyn Host) -> Result<Initialized> {
        ops::init::run(self, host)
    }

    /// Says what a typed source means: a path, a git URL, or a registry name.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`].
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Atk, Options, Silent, Source, At, ErrorKind};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// assert_eq!(atk.resolve("openmemory")?.describe(), "registry plugin openmemory");
    /// assert!(matches!(atk.resolve("github.com/org/tool")?, Source::Git { .. }));
    /// assert!(matches!(atk.resolve("./tool")?, Source::Local { .. }));
    /// assert_eq!(atk.resolve("ext::sh").unwrap_err().kind(), ErrorKind::SourceInvalid);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resolve(&self, source: &str) -> Result<Source> {
        ops::resolve::run(self, source)
    }

    /// Brings a source's plugin files into a directory of the caller's, which must not exist or
    /// be empty, and checks them. Touches no home.
    ///
    /// # Errors
    /// Those of the source's kind; [`ErrorKind::DefinitionInvalid`], [`ErrorKind::ContentRefused`].
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Atk, Options, Silent, Source, At, ErrorKind};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// std::fs::create_dir(dir.join("tool"))?;
    /// let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n";
    /// std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    ///
    /// let source = atk.resolve("./tool")?;
    /// let fetched = atk.fetch(&source, &At::Latest, &dir.join("preview"), &Silent)?;
    /// assert_eq!(fetched.definition.name, "Tool");
    /// assert_eq!(fetched.files, ["plugin.yaml"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fetch(&self, source: &Source, at: &At, dest: &Path, host: &dyn Host) -> Result<Fetched> {
        ops::fetch::run(self, source, at, dest, host)
    }

    /// Adds a plugin: fetches and checks it, asks what must be asked, puts it in place, runs its
    /// `install` command and commits.
    ///
    /// # Errors
    /// Those of [`Atk::fetch`]; [`ErrorKind::PluginExists`], [`ErrorKind::TrustRequired`],
    /// [`ErrorKind::VariablesUnset`], [`ErrorKind::LifecycleFailed`] and others. The home is then
    /// as it was before.
    pub fn add(&self, source: &str, options: &AddOptions, host: &dyn Host) -> Result<Added> {
        ops::add::run(self, source, options, host)
    }

    /// The plugins of the manifest, in its order, without running anything.
    ///
    /// # Errors
    /// [`ErrorKind::HomeNotInitialized`], [`ErrorKind::HomeInvalid`].
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Atk, Options, Silent, Source, At, ErrorKind};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// atk.init(&Silent)?;
    /// assert!(atk.list()?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> Result<Vec<Installed>> {
        ops::list::run(self)
    }

    /// What the object cache holds.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Atk, Options, Silent, Source, At, ErrorKind};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// assert_eq!(atk.cache()?.bytes, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cache(&self) -> Result<CacheReport> {
        ops::cache::report(self)
    }

    /// Empties the object cache; says what it held.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub fn clear_cache(&self) -> Result<CacheReport> {
        ops::cache::clear(self)
    }
}
