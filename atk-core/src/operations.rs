//! The operations: the only list of them. Every face of the library is made from it.

#[macro_use]
mod expand;
mod arguments;
mod call;
#[cfg(feature = "schema")]
pub(crate) mod description;
mod document;

use std::ffi::OsString;
use std::path::Path;

use crate::error::{ErrorKind, Result};
use crate::handle::Home;
use crate::host::{Host, Silent};
use crate::model::source::Source;
use crate::ops;
use crate::outcome::{
    Added, Answers, At, Bootstrapped, CacheReport, Fetched, Found, Held, Initialized, Installed,
    Listed, McpServer, Outdated, Ran, Readme, Removed, Report, ScriptEnded, Select, SetUp, Shown,
    StatusReport, UpgradePlan, Upgraded, Watched,
};
use crate::steps::context::Context;

use arguments::Subject;
use call::needed;
pub use call::{Argument, ArgumentKind, Callback, Operation, check_argument};
pub use document::Document;

operations! {
    /// Creates the home: layout, repository, first commit. An existing home is not changed.
    ///
    /// With `url`, the home is cloned from its repository instead. Nothing of it runs: see `install`
    /// and `bootstrap`.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, InitOptions, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// let made = home.init(&InitOptions::default(), &Silent)?;
    /// assert!(made.created);
    /// assert!(!home.init(&InitOptions::default(), &Silent)?.created, "it exists already");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    init() -> Initialized {
        options InitOptions { adopt, url };
        host Events;
        fails HomeOccupied, HomeNotInitialized, HomeInvalid, SourceInvalid, SourceNotFound,
            InvalidArgument;
        run ops::init::run;
    }

    /// Brings a home to this machine: clones it from `url` unless it is there, asks for the required
    /// variables that have no value, and installs all plugins. It can be repeated: what is done
    /// already is not done again, but for the `install` commands. A plugin without a `.env` gets one
    /// with the defaults of its other variables, as when it was added.
    ///
    /// A plugin that fails stops no other; each failure is in the report. The home must be trusted
    /// before anything of it runs, as for `install`.
    bootstrap(url: OptionalText) -> Bootstrapped {
        options BootstrapOptions {} + answers;
        host Events, Prompts, Output;
        fails HomeOccupied, HomeNotInitialized, HomeInvalid, SourceInvalid, SourceNotFound,
            TrustRequired, HomeLocked, HomeNested;
        run ops::bootstrap::run;
    }

    /// Returns what a source means: a path, a git URL, or a plugin of the registry. Reads no home
    /// and connects to no server.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{ErrorKind, Home, Options, Source};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let home = Home::open(dir.join("home"), options)?;
    /// assert_eq!(home.resolve("openmemory")?.describe(), "registry plugin openmemory");
    /// assert!(matches!(home.resolve("github.com/org/tool")?, Source::Git { .. }));
    /// assert!(matches!(home.resolve("./tool")?, Source::Local { .. }));
    /// assert_eq!(home.resolve("ext::sh").unwrap_err().kind(), ErrorKind::SourceInvalid);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    resolve(source: Text) -> Source {
        fails SourceInvalid;
        run ops::resolve::run;
    }

    /// Copies a source's plugin files into a directory, which must not exist or be empty, and
    /// checks them. Touches no home.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{FetchOptions, Home, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::new(dir.join("cache"));
    /// # options.base_dir = Some(dir.into());
    /// # let home = Home::open(dir.join("home"), options)?;
    /// std::fs::create_dir(dir.join("tool"))?;
    /// let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n";
    /// std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    ///
    /// let preview = dir.join("preview");
    /// let fetched = home.fetch("./tool", &preview, &FetchOptions::default(), &Silent)?;
    /// assert_eq!(fetched.definition.name, "Tool");
    /// assert_eq!(fetched.files, ["plugin.yaml"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fetch(source: Text, dest: Path) -> Fetched {
        options FetchOptions { at };
        host Events;
        fails SourceInvalid, SourceNotFound, NotInRegistry, PinNotFound, DefinitionInvalid,
            ContentRefused, RegistryInvalid, InvalidArgument;
        run ops::fetch::run;
    }

    /// Adds a plugin: fetches and checks it, asks for trust and for the variables that it needs,
    /// puts its files in place, runs its `install` command and commits. If anything fails, the home
    /// is as it was before.
    add(source: Text) -> Added {
        options AddOptions { at } + answers;
        host Events, Prompts, Output;
        fails SourceInvalid, SourceNotFound, NotInRegistry, PinNotFound, DefinitionInvalid,
            ContentRefused, RegistryInvalid, PluginExists, DirectoryOccupied, TrustRequired,
            Declined, InteractionRequired, VariablesUnset, LifecycleFailed, HomeNotInitialized,
            HomeInvalid, HomeLocked, HomeNested, HomeInProgress;
        run ops::add::run;
    }

    /// Asks for the variables of a plugin, or of all, each with its current value or default, and
    /// writes the answers to `.env`. Missing files of a plugin, as in a fresh clone of a home, are
    /// fetched at its pin first.
    ///
    /// If one plugin is named, its failure is the error of the call. For all plugins, each failure
    /// is in the report and stops no other plugin. The same holds for every operation on one or all
    /// plugins.
    setup(plugin: OneOrAll) -> Report<SetUp> {
        options SetupOptions {} + answers;
        host Events, Prompts;
        fails PluginNotInstalled, VariablesUnset, PinNotFound, DefinitionInvalid, ContentRefused,
            HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested;
        run ops::setup::run;
    }

    /// Restores the files of a plugin, or of all, to its pinned commit, and runs its `install`
    /// command. Neither the manifest nor the home's history changes. With all plugins, this makes a
    /// clone of a home work on a new machine.
    ///
    /// The pin in the manifest records that the plugin was trusted when it was added or upgraded,
    /// so ATK does not ask about single plugins. Whether the manifest itself is trusted is asked
    /// once on each machine (`trust:home`); without an answer it is trusted.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{AddOptions, Home, InitOptions, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::from_vars(std::env::vars_os(), Some(dir.into()))?.1;
    /// # options.cache_dir = dir.join("cache");
    /// # let home = Home::open(dir.join("home"), options)?;
    /// # home.init(&InitOptions::default(), &Silent)?;
    /// # std::fs::create_dir(dir.join("tool"))?;
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n\
    /// #     lifecycle: {install: touch made, uninstall: rm -f made}\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # home.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{InstallOptions, LineResult, Select};
    ///
    /// let report = home.install(&Select::All, &InstallOptions::default(), &Silent)?;
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
    install(plugin: OneOrAll) -> Report<Installed> {
        options InstallOptions {} + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, VariablesUnset, PinNotFound, DefinitionInvalid, ContentRefused,
            TrustRequired, LifecycleFailed, HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested;
        run ops::install::run;
    }

    /// Returns what an upgrade of a plugin, or of all, would change: files, commands, ports and
    /// variables. It connects to the sources; nothing in the home changes.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{AddOptions, Home, InitOptions, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::from_vars(std::env::vars_os(), Some(dir.into()))?.1;
    /// # options.cache_dir = dir.join("cache");
    /// # let home = Home::open(dir.join("home"), options)?;
    /// # home.init(&InitOptions::default(), &Silent)?;
    /// # std::fs::create_dir(dir.join("tool"))?;
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n\
    /// #     lifecycle: {install: touch made, uninstall: rm -f made}\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # home.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{ErrorKind, LineResult, PlanUpgradeOptions, Select, Skip};
    ///
    /// let options = PlanUpgradeOptions::default();
    /// for line in home.plan_upgrade(&Select::All, &options, &Silent)?.plugins {
    ///     match line.result {
    ///         LineResult::Done { outcome } => println!("{}: {}", line.name, outcome.new_pin),
    ///         LineResult::Skipped { reason } => assert_eq!(reason, Skip::Local),
    ///         LineResult::Failed { error } => eprintln!("{}: {error}", line.name),
    ///     }
    /// }
    /// let alone = home.plan_upgrade(&Select::One("tool".into()), &options, &Silent);
    /// assert_eq!(alone.unwrap_err().kind(), ErrorKind::LocalNotUpgradable);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    plan_upgrade(plugin: OneOrAll) -> Report<UpgradePlan> {
        options PlanUpgradeOptions { to };
        host Events;
        fails PluginNotInstalled, LocalNotUpgradable, Held, SourceNotFound, NotInRegistry, PinNotFound,
            RefNotFound, RefAmbiguous, RefMoved,
            DefinitionInvalid, ContentRefused, RegistryInvalid, HomeNotInitialized, HomeInvalid,
            InvalidArgument;
        run ops::upgrade::plan;
    }

    /// Upgrades a plugin, or all, to the newest commits of their sources: replaces the files that
    /// changed, keeps the user's, runs `install` and commits. Each plugin is a change of its own;
    /// if it fails, the plugin is as it was before.
    ///
    /// ATK replaces and deletes only files that it wrote. If the user edited such a file, its
    /// bytes are kept in the directory that the outcome names. If commands changed, the host is
    /// asked for trust, as when the plugin was added.
    ///
    /// With `plan`, an upgrade makes exactly the changes of a plan that was shown. A plugin whose
    /// source has moved on since fails with `plan_outdated`, and nothing of it is changed.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{AddOptions, Home, InitOptions, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let mut options = Options::from_vars(std::env::vars_os(), Some(dir.into()))?.1;
    /// # options.cache_dir = dir.join("cache");
    /// # let home = Home::open(dir.join("home"), options)?;
    /// # home.init(&InitOptions::default(), &Silent)?;
    /// # std::fs::create_dir(dir.join("tool"))?;
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n\
    /// #     lifecycle: {install: touch made, uninstall: rm -f made}\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # home.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{LineResult, Select, UpgradeOptions};
    ///
    /// let mut options = UpgradeOptions::default();
    /// options.answers.trust.push("github.com/my-org/".into());
    /// let report = home.upgrade(&Select::All, &options, &Silent)?;
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
    upgrade(plugin: OneOrAll) -> Report<Upgraded> {
        options UpgradeOptions { to, plan } + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, LocalNotUpgradable, Held, SourceNotFound, NotInRegistry, PinNotFound,
            RefNotFound, RefAmbiguous, RefMoved,
            DefinitionInvalid, ContentRefused, RegistryInvalid, PlanOutdated, TrustRequired,
            Declined, InteractionRequired, VariablesUnset, LifecycleFailed, HomeNotInitialized,
            HomeInvalid, HomeLocked, HomeNested, HomeInProgress, InvalidArgument;
        run ops::upgrade::run;
    }

    /// Returns how a plugin, or all, stands to the newest commit of what it follows. The sources are
    /// asked, each once and all at once; no files are fetched, nothing in the home changes, and no lock
    /// is taken. What cannot be found out is the state `unknown` of that plugin, and no error.
    ///
    /// The plugin's own files are compared: a commit that changes others is `current`.
    outdated(plugin: OneOrAll) -> Report<Outdated> {
        host Events;
        fails PluginNotInstalled, HomeNotInitialized, HomeInvalid;
        run ops::outdated::run;
    }

    /// Holds a plugin at its commit: `upgrade` leaves it there until it is released by `unhold`, or a
    /// version is named with `to`.
    hold(plugin: Text) -> Held {
        host Events;
        fails PluginNotInstalled, InvalidArgument, HomeNotInitialized, HomeInvalid, HomeLocked,
            HomeNested, HomeInProgress;
        run ops::hold::hold;
    }

    /// Releases a plugin that is held: `upgrade` brings it to the newest commit of the branch that it
    /// follows.
    unhold(plugin: Text) -> Held {
        host Events;
        fails PluginNotInstalled, InvalidArgument, HomeNotInitialized, HomeInvalid, HomeLocked,
            HomeNested, HomeInProgress;
        run ops::hold::unhold;
    }

    /// Removes a plugin: commits its uncommitted files, runs its `stop` and `uninstall` commands,
    /// deletes its directory, removes it from the manifest and commits. Asks first. A directory
    /// under `plugins/` that belongs to no plugin is deleted too. If anything fails, everything
    /// is still there.
    remove | uninstall (plugin: Text) -> Removed {
        options RemoveOptions { force, ignore_failures } + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, Declined, InteractionRequired, LifecycleFailed,
            HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested, HomeInProgress;
        run ops::remove::run;
    }

    /// Runs the `start` command of a plugin, or of all in the order of the manifest.
    ///
    /// Before each command, the plugin's required variables must have values and its ports must be
    /// free. A plugin that runs already according to its `status` command is skipped, and so is one
    /// without a `start` command, with a warning. The home's lock is held until the last command
    /// has ended.
    start(plugin: OneOrAll) -> Report<Ran> {
        options StartOptions {} + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, SourceNotFound, VariablesUnset, PortInUse, LifecycleFailed, TrustRequired,
            HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested;
        run ops::service::start;
    }

    /// Runs the `stop` command of a plugin, or of all in the reverse order of the manifest.
    ///
    /// A plugin without a `stop` command is skipped, with a warning. The home's lock is held until
    /// the last command has ended.
    stop(plugin: OneOrAll) -> Report<Ran> {
        options StopOptions {} + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, SourceNotFound, LifecycleFailed, TrustRequired, HomeNotInitialized, HomeInvalid,
            HomeLocked, HomeNested;
        run ops::service::stop;
    }

    /// Stops a plugin, or all in the reverse order of the manifest, and starts it again, all in the
    /// order of the manifest.
    ///
    /// A plugin without a `stop` command is only started; one without a `start` command, or whose
    /// required variables have no values, is not stopped. If the stopped service still holds a
    /// port, ATK waits for it, at most 5 seconds. The home's lock is held until the last command
    /// has ended.
    restart(plugin: OneOrAll) -> Report<Ran> {
        options RestartOptions {} + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, SourceNotFound, VariablesUnset, PortInUse, LifecycleFailed, TrustRequired,
            HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested;
        run ops::service::restart;
    }

    /// Returns whether a plugin, or all, runs and what it lacks, and the state of the home's
    /// repository. It takes no lock. All `status` commands run at once, each at most for the
    /// `status_timeout` of the handle's options.
    status(plugin: OneOrAll) -> StatusReport {
        options StatusOptions {} + answers;
        host Events, Prompts;
        fails PluginNotInstalled, HomeNotInitialized, HomeInvalid;
        run ops::status::run;
    }

    /// Runs the `logs` command of a plugin, without the home's lock: it may follow a log until it
    /// is cancelled. What it writes arrives as output events. If the plugin has no such command,
    /// that is a warning, and the outcome has no commands.
    logs(plugin: Text) -> Ran {
        options LogsOptions {} + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, SourceNotFound, LifecycleFailed, TrustRequired, HomeNotInitialized, HomeInvalid;
        run ops::logs::run;
    }

    /// Runs a script of a plugin, the user's own in `custom/` first. Its exit code is the outcome,
    /// whatever it is.
    ///
    /// A script is an executable file below the plugin's directory; `.sh` may be left out. A text
    /// file without a `#!` line is run by `/bin/sh`. It runs without the home's lock, so it may
    /// itself change the home.
    run(plugin: Text, script: Text, args: Words) -> ScriptEnded {
        options RunOptions {} + answers;
        host Events, Prompts, Output;
        fails PluginNotInstalled, SourceNotFound, NotDeclared, InvalidArgument, ContentRefused, TrustRequired,
            HomeNotInitialized, HomeInvalid;
        run ops::run::run;
    }

    /// Runs git in the home, without its lock.
    git(args: Words) -> ScriptEnded {
        host Events, Output;
        fails GitMissing, HomeNotInitialized;
        run ops::git::run;
    }

    /// Returns the plugins of the manifest, in its order. It runs nothing.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, InitOptions, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// home.init(&InitOptions::default(), &Silent)?;
    /// assert!(home.list()?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    list() -> Vec<Listed> {
        fails HomeNotInitialized, HomeInvalid;
        run ops::list::run;
    }

    /// Returns everything that is known about an installed plugin: its source and pin, its
    /// definition, its variables with the origin of their values, its ports, skills and scripts, and
    /// the files that the user edited. It runs nothing and connects to no server. The values of
    /// secrets are not shown.
    show(plugin: Text) -> Shown {
        fails PluginNotInstalled, HomeNotInitialized, HomeInvalid;
        run ops::show::run;
    }

    /// Returns the plugins of the registry whose name or description contains a text, in any case;
    /// all of them without one.
    search(query: OptionalText) -> Vec<Found> {
        host Events;
        fails RegistryInvalid, SourceNotFound, HomeInvalid;
        run ops::search::run;
    }

    /// Returns the configuration of a plugin's MCP server, with the values of its variables.
    mcp(plugin: Text) -> McpServer {
        fails PluginNotInstalled, SourceNotFound, NotDeclared, DefinitionInvalid, HomeNotInitialized, HomeInvalid;
        run ops::mcp::run;
    }

    /// Returns the `README.md` of a plugin.
    readme(plugin: Text) -> Readme {
        fails PluginNotInstalled, HomeNotInitialized, HomeInvalid;
        run ops::readme::run;
    }

    /// Tells of every change of the home, whoever made it: this library, the Python tool, `git pull`,
    /// an editor. Each change is an event `changed`; the event `watching` comes first. It takes no
    /// lock, and goes on until it is cancelled.
    ///
    /// What counts as a change: the manifest, `atk.yaml`, and of each plugin its state, its
    /// definition, `custom/overrides.yaml` and `.env`. Values of variables are never in an event.
    watch() -> Watched {
        options WatchOptions { once };
        host Events;
        fails HomeNotInitialized;
        run ops::watch::run;
    }

    /// Returns what the object cache holds.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// assert_eq!(home.cache()?.bytes, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    cache() -> CacheReport {
        fails ;
        run ops::cache::report;
    }

    /// Empties the object cache, and returns what it held.
    clear_cache() -> CacheReport {
        fails ;
        run ops::cache::clear;
    }
}
