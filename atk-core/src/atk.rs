//! The library's front: a handle on a home, and one method an operation.

mod services;

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::host::{CancelToken, Host};
use crate::model::source::Source;
use crate::ops;
use crate::ops::{
    AddOptions, Added, Answers, At, CacheReport, Fetched, Found, InitOptions, Initialized,
    InstallOptions, Installed, Listed, McpServer, Readme, RemoveOptions, Removed, Report, Select,
    SetUp, SetupOptions, UpgradeOptions, UpgradePlan, Upgraded,
};
use crate::options::Options;

/// A handle on a home. Cheap to clone; clones share the object cache. Opening one reads nothing:
/// each operation checks what it needs.
#[derive(Debug, Clone)]
pub struct Atk {
    pub(crate) home: Arc<Path>,
    pub(crate) options: Arc<Options>,
    pub(crate) cancel: CancelToken,
    pub(crate) answers: Arc<Answers>,
}

impl Atk {
    /// Makes a handle on the home at an absolute path, which need not exist yet.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] where a path is not absolute.
    pub fn open(home: impl AsRef<Path>, options: Options) -> Result<Atk> {
        let cache = &options.cache_dir;
        for path in [home.as_ref(), cache] {
            let is_unknown_cache = path == cache && path.as_os_str().is_empty();
            if !path.is_absolute() && !is_unknown_cache {
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
            answers: Arc::default(),
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

    /// The same handle, with answers given beforehand for the operations that take none of their
    /// own: `start`, `stop`, `restart`, `status`, `logs` and `run` may have to ask whether the home
    /// is trusted on this machine (`trust:home`).
    #[must_use]
    pub fn with_answers(&self, answers: &Answers) -> Atk {
        Atk {
            answers: Arc::new(answers.clone()),
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
        self.init_with(&InitOptions::default(), host)
    }

    /// Like [`Atk::init`], with options.
    ///
    /// # Errors
    /// [`ErrorKind::HomeOccupied`] if the directory holds other things;
    /// [`ErrorKind::HomeNotInitialized`] if it has a manifest, but is not a git repository, unless
    /// the options [adopt](InitOptions::adopt) it.
    pub fn init_with(&self, options: &InitOptions, host: &dyn Host) -> Result<Initialized> {
        ops::init::run(self, options, host)
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
    pub fn list(&self) -> Result<Vec<Listed>> {
        ops::list::run(self)
    }

    /// Asks for the variables of plugins, each with its current value or default to keep, and
    /// writes the answers to `.env`. Where the files of a plugin are missing, as in a fresh clone
    /// of a home, they are fetched at the pin first. Where they are of another commit, those of
    /// the pin say what is asked, but are left for [`Atk::install`] to put in place.
    ///
    /// Of one plugin a failure is the error of the call; of all it stands in the report and stops
    /// no other. So it is with every operation that takes a [`Select`].
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::VariablesUnset`], those of [`Atk::fetch`].
    pub fn setup(
        &self,
        which: &Select,
        options: &SetupOptions,
        host: &dyn Host,
    ) -> Result<Report<SetUp>> {
        ops::setup::run(self, which, options, host)
    }

    /// Brings the files of plugins to their pins where they are not, and runs their `install`
    /// commands. Neither the manifest nor the home's history change. With [`Select::All`] this is
    /// what makes the clone of a home work on a new machine.
    ///
    /// A pin in the manifest records the trust that was given when the plugin was added or upgraded,
    /// so no plugin is asked about. Whether the manifest is the user's own is asked once on each
    /// machine (`trust:home`); it is taken to be if nobody answers.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::VariablesUnset`],
    /// [`ErrorKind::PinNotFound`], [`ErrorKind::LifecycleFailed`], those of [`Atk::fetch`]. The
    /// plugin's files are then as they were before, but for what its command itself did.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{AddOptions, Atk, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::from_vars(std::env::vars_os(), Some(dir.into()))?.1;
    /// # options.cache_dir = dir.join("cache");
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// # atk.init(&Silent)?;
    /// # std::fs::create_dir(dir.join("tool"))?;
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n\
    /// #     lifecycle: {install: touch made, uninstall: rm -f made}\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # atk.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{InstallOptions, LineResult, Select};
    ///
    /// let report = atk.install(&Select::All, &InstallOptions::default(), &Silent)?;
    /// for line in &report.plugins {
    ///     match &line.result {
    ///         LineResult::Done { outcome } => assert!(outcome.installed),
    ///         LineResult::Skipped { reason } => println!("{}: {reason}", line.name),
    ///         LineResult::Failed { error } => eprintln!("{}: {error}", line.name),
    ///     }
    /// }
    /// assert!(report.is_success());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn install(
        &self,
        which: &Select,
        options: &InstallOptions,
        host: &dyn Host,
    ) -> Result<Report<Installed>> {
        ops::install::run(self, which, options, host)
    }

    /// What [`Atk::upgrade`] would change: files, commands, ports and variables. It asks the
    /// sources, and nothing else; nothing in the home changes.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::LocalNotUpgradable`], those of
    /// [`Atk::fetch`].
    ///
    /// # Example
    /// ```
    /// # use atk_core::{AddOptions, Atk, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::from_vars(std::env::vars_os(), Some(dir.into()))?.1;
    /// # options.cache_dir = dir.join("cache");
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// # atk.init(&Silent)?;
    /// # std::fs::create_dir(dir.join("tool"))?;
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n\
    /// #     lifecycle: {install: touch made, uninstall: rm -f made}\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # atk.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{ErrorKind, LineResult, Select, Skip};
    ///
    /// for line in atk.plan_upgrade(&Select::All, &Silent)?.plugins {
    ///     match line.result {
    ///         LineResult::Done { outcome } => println!("{}: {}", line.name, outcome.new_pin),
    ///         LineResult::Skipped { reason } => assert_eq!(reason, Skip::Local),
    ///         LineResult::Failed { error } => eprintln!("{}: {error}", line.name),
    ///     }
    /// }
    /// let alone = atk.plan_upgrade(&Select::One("tool".into()), &Silent);
    /// assert_eq!(alone.unwrap_err().kind(), ErrorKind::LocalNotUpgradable);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plan_upgrade(&self, which: &Select, host: &dyn Host) -> Result<Report<UpgradePlan>> {
        ops::upgrade::plan(self, which, host)
    }

    /// Brings plugins to the newest commit of their sources: replaces the files that changed,
    /// keeps the user's, runs `install` and commits. Each plugin is a change of its own.
    ///
    /// Only files that ATK put there are replaced or deleted; what differs from what it put there
    /// was edited by the user, and its bytes are kept in the directory that the outcome names. Where
    /// what can run has changed the host is asked for trust, as when the plugin was added.
    ///
    /// # Errors
    /// Those of [`Atk::plan_upgrade`]; [`ErrorKind::TrustRequired`],
    /// [`ErrorKind::VariablesUnset`], [`ErrorKind::LifecycleFailed`] and others. The plugin is
    /// then as it was before, but for what its `install` command itself did.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{AddOptions, Atk, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::from_vars(std::env::vars_os(), Some(dir.into()))?.1;
    /// # options.cache_dir = dir.join("cache");
    /// # let atk = Atk::open(dir.join("home"), options)?;
    /// # atk.init(&Silent)?;
    /// # std::fs::create_dir(dir.join("tool"))?;
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n\
    /// #     lifecycle: {install: touch made, uninstall: rm -f made}\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # atk.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{LineResult, Select, UpgradeOptions};
    ///
    /// let mut options = UpgradeOptions::default();
    /// options.answers.trust.push("github.com/my-org/".into());
    /// let report = atk.upgrade(&Select::All, &options, &Silent)?;
    /// for line in &report.plugins {
    ///     if let LineResult::Done { outcome } = &line.result
    ///         && let Some(backup) = &outcome.backup
    ///     {
    ///         println!("{}: your edits are in {}", line.name, backup.display());
    ///     }
    /// }
    /// assert_eq!(report.failures().count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn upgrade(
        &self,
        which: &Select,
        options: &UpgradeOptions,
        host: &dyn Host,
    ) -> Result<Report<Upgraded>> {
        ops::upgrade::run(self, which, options, host)
    }

    /// Removes a plugin: commits what is not committed yet of it, runs its `stop` and `uninstall`
    /// commands, deletes its directory with all that is in it, takes it out of the manifest and
    /// commits. A directory under `plugins/` that belongs to no plugin is deleted likewise.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::Declined`],
    /// [`ErrorKind::InteractionRequired`], [`ErrorKind::LifecycleFailed`]. Everything is then
    /// still there.
    pub fn uninstall(
        &self,
        plugin: &str,
        options: &RemoveOptions,
        host: &dyn Host,
    ) -> Result<Removed> {
        ops::remove::run(self, "uninstall", plugin, options, host)
    }

    /// The same as [`Atk::uninstall`], under its other name.
    ///
    /// # Errors
    /// Those of [`Atk::uninstall`].
    pub fn remove(
        &self,
        plugin: &str,
        options: &RemoveOptions,
        host: &dyn Host,
    ) -> Result<Removed> {
        ops::remove::run(self, "remove", plugin, options, host)
    }

    /// The plugins of the registry whose name or description contains a text, in any case; all
    /// of them where there is none.
    ///
    /// # Errors
    /// [`ErrorKind::RegistryInvalid`], those of reaching the registry.
    pub fn search(&self, query: Option<&str>, host: &dyn Host) -> Result<Vec<Found>> {
        ops::search::run(self, query, host)
    }

    /// The configuration of a plugin's MCP server.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`]; [`ErrorKind::NotDeclared`] where it has none.
    pub fn mcp(&self, plugin: &str) -> Result<McpServer> {
        ops::mcp::run(self, plugin)
    }

    /// The `README.md` of a plugin.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`].
    pub fn readme(&self, plugin: &str) -> Result<Readme> {
        ops::readme::run(self, plugin)
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
