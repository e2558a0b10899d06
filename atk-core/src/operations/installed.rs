//! The operations on what is installed: they hold and remove it, run it, look at it and watch it. This is the second part
//! of the table.

use std::ffi::OsString;

use super::arguments::Subject;
use super::call::{Argument, ArgumentKind, Callback, Operation, needed};
use super::document::Document;
use crate::error::{ErrorKind, Result};
use crate::handle::Home;
use crate::host::{Host, Silent};
use crate::ops;
use crate::outcome::{
    AgentStatus, Answers, Held, Listed, McpServer, Plug, Plugged, Ran, Readme, Removed, Report,
    ScriptEnded, SearchResult, Select, ServerCommand, Shown, StatusReport, Watched,
};
use crate::steps::context::Context;

operations! {
    const INSTALLED;

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

    /// Returns the command that starts a plugin's MCP server: program, arguments, environment and
    /// directory, with the user's overrides and the values of `.env`. It starts nothing and takes no
    /// lock.
    ///
    /// `args` are added to the arguments that the plugin declares.
    exec(plugin: Text, args: Words) -> ServerCommand {
        options ExecOptions {} + answers;
        host Events, Prompts;
        fails PluginNotInstalled, SourceNotFound, NotDeclared, DefinitionInvalid, VariablesUnset,
            InvalidArgument, TrustRequired, HomeLocked, HomeNotInitialized, HomeInvalid;
        run ops::exec::run;
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

    /// Returns the plugins of all registries whose name or description contains a text, in any case;
    /// all of them without one. A registry that cannot be reached is a warning, unless none can be.
    search(query: OptionalText) -> SearchResult {
        host Events;
        fails RegistryInvalid, SourceNotFound, HomeInvalid;
        run ops::search::run;
    }

    /// Returns the configuration of a plugin's MCP server, with the values of its variables. With
    /// `agent`, also its entry for the file of a coding agent, without values, as `plug` writes it.
    mcp(plugin: Text) -> McpServer {
        options McpOptions { agent };
        fails InvalidArgument, AgentUnsupported, PluginNotInstalled, SourceNotFound, NotDeclared, DefinitionInvalid, HomeNotInitialized, HomeInvalid;
        run ops::mcp::run;
    }

    /// Returns the coding agents that ATK knows, and whether each is installed here. Reads no home
    /// and runs nothing of theirs.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// let mut options = Options::new(dir.join("cache"));
    /// options.user_home = Some(dir.into());
    /// let home = Home::open(dir.join("home"), options)?;
    /// let agents = home.agents()?;
    /// let codex = agents.iter().find(|agent| agent.id == "codex").expect("a known agent");
    /// assert!(!codex.installed);
    /// assert_eq!(codex.file, Some(dir.join(".codex/config.toml")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    agents() -> Vec<AgentStatus> {
        fails ;
        run ops::agents::run;
    }

    /// Returns what `plug` would write, and changes nothing.
    plan_plug(plugin: OneOrAll) -> Report<Plugged> {
        options PlanPlugOptions { agents, project, values, refs, adopt_entries, overwrite_edited, copy_skills };
        host Events;
        fails PluginNotInstalled, SourceNotFound, NotDeclared, DefinitionInvalid, VariablesUnset,
            AgentEntryForeign, AgentFileInvalid, AgentUnsupported, InvalidArgument,
            HomeNotInitialized, HomeInvalid;
        run ops::plug::plan;
    }

    /// Writes the MCP server of a plugin, or of all, into the files of coding agents, and places its
    /// skill in the directories that they load skills from: of the agents that are named, else of all
    /// that are installed.
    ///
    /// One entry of each file is written; every other byte of it stays. By default the agent starts
    /// `atk exec <plugin>`, so that no secret is in the file and an upgrade changes nothing there.
    /// An entry of the same name that ATK did not write is an error, an edited one stays as it is. If
    /// one agent cannot have the entry, none gets it. `unplug` removes all of it again.
    ///
    /// A plugin has a skill if its `SKILL.md` follows <https://agentskills.io/specification>. Agents get
    /// a link to a copy of what the plugin ships, without its `.env`, `custom/` and git's files.
    plug(plugin: OneOrAll) -> Report<Plugged> {
        options PlugOptions { agents, project, values, refs, adopt_entries, overwrite_edited, copy_skills };
        host Events;
        fails PluginNotInstalled, SourceNotFound, NotDeclared, DefinitionInvalid, VariablesUnset,
            AgentEntryForeign, AgentFileInvalid, AgentUnsupported, InvalidArgument, HomeLocked,
            HomeNested, HomeInProgress, HomeNotInitialized, HomeInvalid;
        run ops::plug::run;
    }

    /// Removes what `plug` wrote, from all agents or from those that are named: the entries, and
    /// then what was created for them. Each file is as it was before. An edited entry stays. The
    /// plugin's skill goes too, and the lines that the Python tool wrote of it into `CLAUDE.md` and
    /// `AGENTS.md`.
    unplug(plugin: OneOrAll) -> Report<Plugged> {
        options UnplugOptions { agents, project, overwrite_edited };
        host Events;
        fails PluginNotInstalled, AgentFileInvalid, InvalidArgument, HomeLocked, HomeNested,
            HomeInProgress, HomeNotInitialized, HomeInvalid;
        run ops::unplug::run;
    }

    /// Returns the plugs: the entries that ATK wrote into the files of agents, the skills that it placed,
    /// and those of other writers that have the name of a plugin.
    plugs() -> Vec<Plug> {
        fails HomeNotInitialized, HomeInvalid;
        run ops::plugs::run;
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
}
