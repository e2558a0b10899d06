//! The operations: the only list of them. Every face of the library is made from it.

#[macro_use]
mod expand;
mod arguments;
mod authors;
mod cache;
mod call;
#[cfg(feature = "schema")]
pub(crate) mod description;
mod document;
mod installed;
mod registries;

use std::path::Path;

use crate::error::{ErrorKind, Result};
use crate::handle::Home;
use crate::host::{Host, Silent};
use crate::model::source::Source;
use crate::ops;
use crate::outcome::{
    Added, Answers, At, Bootstrapped, DoctorReport, Fetched, HistoryEntry, Initialized, Installed,
    Outdated, Repaired, Report, Select, SetUp, UndoPlan, Undone, UpgradePlan, Upgraded,
    Verification,
};
use crate::steps::context::Context;

use arguments::Subject;
pub use authors::{CreateOptions, RegistryBuildOptions, RegistryDiffOptions, ValidateOptions};
pub use cache::ClearCacheOptions;
use call::needed;
pub use call::{Argument, ArgumentKind, Callback, OPERATIONS, Operation, check_argument};
pub use document::Document;
pub use installed::{
    ExecOptions, LogsOptions, McpOptions, PlanPlugOptions, PlugOptions, RemoveOptions,
    RestartOptions, RunOptions, StartOptions, StatusOptions, StopOptions, UnplugOptions,
    WatchOptions,
};
pub use registries::RegistryAddOptions;

operations! {
    const HOME;

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
    /// A plugin that fails stops no other; each failure is in the report. Before anything of the home
    /// runs, ATK asks once on each machine whether it is trusted (`trust:home`), as for `install`;
    /// without an answer it is trusted.
    bootstrap(url: OptionalText) -> Bootstrapped {
        options BootstrapOptions {} + answers;
        host Events, Prompts, Output;
        fails HomeOccupied, HomeNotInitialized, HomeInvalid, SourceInvalid, SourceNotFound,
            TrustRequired, HomeLocked, HomeNested;
        run ops::bootstrap::run;
    }

    /// Returns what a source means, and connects to no server. In this order, it is: a path, if it begins
    /// with `./`, `../`, `/` or `~/`; a path that exists; a git URL, whose host has a `.` or is behind a
    /// scheme or a user; a plugin of a registry with a name (`team/openmemory`); a plugin by its name alone.
    ///
    /// `team/openmemory` is never the repository of that name on GitHub, which is `github.com/team/openmemory`.
    /// If a directory `team/openmemory` exists and the home has a registry `team`, it is the error
    /// `source_ambiguous`; `./team/openmemory` is the directory. `default/openmemory` is the plugin of the
    /// default registry.
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
        fails SourceInvalid, SourceAmbiguous, HomeInvalid, InvalidArgument;
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
        fails SourceInvalid, SourceNotFound, SourceAmbiguous, RegistryNotFound, NotInRegistry, PinNotFound,
            DefinitionInvalid, ContentRefused, RegistryInvalid, InvalidArgument;
        run ops::fetch::run;
    }

    /// Adds a plugin: fetches and checks it, asks for trust and for the variables that it needs,
    /// puts its files in place, runs its `install` command and commits. If anything fails, the home
    /// is as it was before.
    ///
    /// The name of a plugin without that of a registry is looked for in all registries. If more than one has
    /// it, that is the error `source_ambiguous`, as whoever can add to one could take the names of another;
    /// if one cannot be reached, its failure is the error, as it might have the plugin. A plugin of a registry
    /// with a name (`team/openmemory`) is recorded as a git plugin, at the directory of the registry's
    /// repository. Upgrades follow the registry's index if it lists the plugin in another directory; a
    /// plugin that the index no longer lists is upgraded as long as its directory exists.
    add(source: Text) -> Added {
        options AddOptions { at } + answers;
        host Events, Prompts, Output;
        fails SourceInvalid, SourceNotFound, SourceAmbiguous, RegistryNotFound, NotInRegistry, PinNotFound, DefinitionInvalid,
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

    /// Compares the files of a plugin, or of all, with those of its pinned commit, and the home with
    /// its last commit. Nothing in the home changes, and no lock is taken. What is found is in the
    /// outcome, and no error.
    ///
    /// For each file that the plugin shipped, content, type and executable bit are compared; the
    /// files of a local plugin must be committed. For all plugins, the manifest, `atk.yaml` and
    /// `.gitignore` must be committed too, git must track no file that may hold secrets, and no
    /// operation may be interrupted. Nothing has to be committed if `auto_commit` is off.
    ///
    /// A plugin whose files another tool installed is compared with the download cache, or with its
    /// source if the option `online` is set; otherwise its state is `unknown`.
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
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # home.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{Select, VerifyOptions};
    ///
    /// let verification = home.verify(&Select::All, &VerifyOptions::default(), &Silent)?;
    /// assert!(verification.intact);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    verify(plugin: OneOrAll) -> Verification {
        options VerifyOptions { online, extra, check };
        host Events;
        fails VerificationFailed, PluginNotInstalled, HomeNotInitialized, HomeInvalid,
            HomeInProgress;
        run ops::verify::run;
    }

    /// Restores what `verify` finds: the files of the pinned commits, with stamps and receipts, and
    /// deleted files of local plugins; commits files that are not committed; stops tracking files that
    /// may hold secrets, which stay on disk. It asks first, and asks the sources for files that
    /// differ.
    ///
    /// `custom/` and `.env` stay as they are, other versions of files go to the backups, and no
    /// command of a plugin runs. Each plugin is a change of its own; all that is to be committed is in
    /// one commit.
    repair(plugin: OneOrAll) -> Repaired {
        options RepairOptions {} + answers;
        host Events, Prompts;
        fails PluginNotInstalled, SourceNotFound, NotInRegistry, PinNotFound, DefinitionInvalid,
            ContentRefused, RegistryInvalid, Declined, InteractionRequired, HomeNotInitialized,
            HomeInvalid, HomeLocked, HomeNested, HomeInProgress;
        run ops::repair::run;
    }

    /// Runs checks that explain what users puzzle over: of programs, of the home and its repository, of
    /// secrets, of plugins, and of what is plugged into agents. Each has an id, a state, what was found,
    /// and what fixes it. Nothing changes and nothing connects to a server, unless `fix` is given; a
    /// directory that is not a home is a result too.
    ///
    /// With `fix` it completes or undoes an interrupted operation, puts the patterns of secrets in
    /// `.gitignore` last, takes tracked secrets out of git, which stay on disk, and lets the owner alone
    /// read `.env` files. An event announces each before it happens.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{DoctorOptions, Home, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// let diagnosis = home.doctor(&DoctorOptions::default(), &Silent)?;
    /// let check = diagnosis.checks.iter().find(|check| check.id == "home").expect("a check");
    /// assert_eq!(check.state, atk_core::CheckState::Problem);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    doctor() -> DoctorReport {
        options DoctorOptions { fix };
        host Events;
        fails HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested, HomeInProgress, GitFailed;
        run ops::doctor::run;
    }

    /// Returns the commits of the home that changed plugins, the newest first: all, or those of one
    /// plugin, by its directory or display name, which may be removed by now. What a commit changed
    /// is found by comparing the manifest and `atk.yaml` before and after it, so it does not matter
    /// which tool made it.
    history(plugin: OneOrAll) -> Vec<HistoryEntry> {
        options HistoryOptions { limit };
        host Events;
        fails HomeNotInitialized, HomeInvalid, GitFailed;
        run ops::history::run;
    }

    /// Returns what `undo` would do. It connects to the sources whose files are needed; nothing in the
    /// home changes.
    plan_undo(commit: OptionalText) -> UndoPlan {
        options PlanUndoOptions { with_later };
        host Events;
        fails RefNotFound, RefAmbiguous, LaterChanges, InvalidArgument, PluginExists,
            DirectoryOccupied, SourceNotFound, NotInRegistry, PinNotFound, DefinitionInvalid,
            ContentRefused, RegistryInvalid, HomeNotInitialized, HomeInvalid, GitFailed;
        run ops::undo::plan;
    }

    /// Undoes what a commit of the home changed of its plugins; without one, what the last did that
    /// changed some. `history` lists them. An upgrade is undone by the files of the old pin and
    /// `install`; a removal by the plugin's files at its pin, its `custom/` (and, of a local plugin, its
    /// files) from the home's history and its `.env` from the trash, which keeps it for 30 days; an
    /// addition by a removal, with its question. A commit that `git pull` brought is undone like any
    /// other.
    ///
    /// All files that are needed are fetched first: if a pin can no longer be had, nothing changes.
    /// Each plugin is then a change of its own, with trust, variables and commit, so an `undo` can be
    /// undone in turn.
    ///
    /// If a later change of the same plugins stands in the way, the error `later_changes` lists what
    /// to undo first; with the option `with_later` they are undone too.
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
    /// # let definition = "schema_version: '2026-01-23'\nname: Tool\ndescription: a tool\n";
    /// # std::fs::write(dir.join("tool/plugin.yaml"), definition)?;
    /// # home.add("./tool", &AddOptions::default(), &Silent)?;
    /// use atk_core::{RemoveOptions, UndoOptions};
    ///
    /// let mut options = RemoveOptions::default();
    /// options.force = true;
    /// home.remove("tool", &options, &Silent)?;
    /// let undone = home.undo(None, &UndoOptions::default(), &Silent)?;
    /// assert_eq!(undone.subject, "Remove plugin 'Tool'");
    /// assert_eq!(home.list()?.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    undo(commit: OptionalText) -> Undone {
        options UndoOptions { with_later } + answers;
        host Events, Prompts, Output;
        fails RefNotFound, RefAmbiguous, LaterChanges, InvalidArgument, PluginExists,
            DirectoryOccupied, SourceNotFound, NotInRegistry, PinNotFound, DefinitionInvalid,
            ContentRefused, RegistryInvalid, TrustRequired, Declined, InteractionRequired,
            VariablesUnset, LifecycleFailed, HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested,
            HomeInProgress, GitFailed;
        run ops::undo::run;
    }
}
