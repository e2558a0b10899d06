//! What operations return, in types that every language has. The core's documents are read into
//! them; a test reads one of each kind that its schema knows.

mod definition;
mod report;

use std::collections::HashMap;

use serde::Deserialize;

pub use definition::{
    Definition, EnvVar, Lifecycle, Maturity, Mcp, Port, Service, ServiceType, Transport, Vendor,
};
pub(crate) use report::Report;
pub use report::{
    InstalledLine, LineResult, PlannedLine, RanLine, SetUpLine, Skip, StatusLine, UpgradedLine,
};

/// Declares records that are read from documents. Tests refuse what a record does not have.
macro_rules! records {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Deserialize, uniffi::Record)]
        #[cfg_attr(test, serde(deny_unknown_fields))]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }
    )*};
}

/// Declares plain enums that are read from documents.
macro_rules! choices {
    ($($(#[$meta:meta])* $name:ident $case:literal { $($(#[$choice_meta:meta])* $choice:ident,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, uniffi::Enum)]
        #[serde(rename_all = $case)]
        pub enum $name {
            $($(#[$choice_meta])* $choice,)*
        }
    )*};
}

pub(crate) use {choices, records};

choices! {
    /// Where a plugin comes from.
    SourceKind "snake_case" {
        /// The registry.
        Registry,
        /// A git repository.
        Git,
        /// A directory of the user's.
        Local,
    }

    /// What is on disk of a plugin of the manifest.
    State "snake_case" {
        /// Its files, at the pin.
        Ready,
        /// Nothing, or nothing but what is the user's.
        Missing,
        /// Files of another commit than the pin.
        Outdated,
        /// Files in a directory that the manifest has no entry of; its source is then given as local.
        /// Only a list has this state.
        Leftover,
    }

    /// Whether the service of a plugin runs.
    RunState "snake_case" {
        /// Its `status` command ended with 0.
        Running,
        /// Its `status` command ended with anything else.
        Stopped,
        /// Anything else.
        Unknown,
    }

    /// Why it is not known whether the service of a plugin runs.
    UnknownReason "snake_case" {
        /// It declares no `status` command.
        NoCommand,
        /// Its files are missing.
        FilesMissing,
        /// Its `status` command did not end in time, and was ended.
        TimedOut,
        /// Nothing is run in a home that is not trusted on this machine.
        HomeNotTrusted,
    }
}

/// What a typed source means.
#[derive(Debug, Clone, Deserialize, uniffi::Enum)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(test, serde(deny_unknown_fields))]
pub enum Source {
    /// A plugin of the registry, by its name in the index.
    Registry {
        /// The name.
        name: String,
    },
    /// A git repository with an `.atk` directory.
    Git {
        /// Its URL.
        url: String,
    },
    /// A directory, or a single definition file.
    Local {
        /// Its absolute path.
        path: String,
        /// True where a bare name was taken for a path because something of that name exists.
        bare: bool,
    },
}

records! {
    /// The outcome of `init`.
    Initialized {
        /// The home.
        home: String,
        /// False where it was a home already.
        created: bool,
    }

    /// A source, as the manifest records it.
    SourceInfo {
        /// Its kind.
        #[serde(rename = "type")]
        kind: SourceKind,
        /// The commit it is fixed to; none for local plugins.
        pin: Option<String>,
        /// Its URL; for git sources only.
        url: Option<String>,
    }

    /// The outcome of `fetch`.
    Fetched {
        /// Where the files are.
        path: String,
        /// The commit they are from; none for local sources.
        pin: Option<String>,
        /// The id of their tree in the source's repository; none for local sources.
        tree: Option<String>,
        /// The plugin definition.
        definition: Definition,
        /// The files, relative to `path`, with `/`, in order.
        files: Vec<String>,
        /// What was left out or looks wrong.
        warnings: Vec<String>,
    }

    /// The outcome of `add`.
    Added {
        /// The plugin's display name.
        name: String,
        /// The plugin's directory under `plugins/`.
        directory: String,
        /// Its absolute path.
        path: String,
        /// Where it came from.
        source: SourceInfo,
        /// How many files were put in place.
        files: i64,
        /// True where the plugin has an `install` command, which has then been run.
        installed: bool,
        /// The commit in the home's repository; none where the home does not commit by itself.
        commit: Option<String>,
        /// Where the commit was pushed, or why not; none if the home does not push by itself.
        push: Option<Push>,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// Where a home that pushes by itself sent a commit, or why it did not.
    Push {
        /// The remote's name; none if git knows none to push to.
        remote: Option<String>,
        /// The remote's URL, without credentials.
        url: Option<String>,
        /// The branch that was, or would be, updated there; none if HEAD is detached.
        branch: Option<String>,
        /// True if the remote has the commit.
        pushed: bool,
        /// Why it was not pushed, in git's own words; none if it was.
        reason: Option<String>,
        /// What gets past that, naming git commands to run in the home.
        help: Option<String>,
    }

    /// The outcome of `setup` for a plugin.
    SetUp {
        /// The names of the variables that got a new value.
        written: Vec<String>,
        /// The absolute path of the `.env` file.
        path: String,
        /// True where the plugin's files were missing and have been fetched at the pin.
        fetched: bool,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// The outcome of `install` for a plugin.
    Installed {
        /// The commit that its files are from; none for local plugins.
        pin: Option<String>,
        /// True where its files were missing, or of another commit, and have been fetched.
        fetched: bool,
        /// True where it has an `install` command, which has been run.
        installed: bool,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// The outcome of `upgrade` for a plugin.
    Upgraded {
        /// What has changed.
        plan: UpgradePlan,
        /// True where it has an `install` command, which has been run.
        installed: bool,
        /// Where the old bytes of files are that the user had edited.
        backup: Option<String>,
        /// The commit in the home's repository; none where the home does not commit by itself.
        commit: Option<String>,
        /// Where the commit was pushed, or why not; none if the home does not push by itself.
        push: Option<Push>,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// What an upgrade of a plugin would change.
    UpgradePlan {
        /// The plugin's directory under `plugins/`.
        directory: String,
        /// Its display name now.
        old_name: String,
        /// Its display name at the new commit.
        new_name: String,
        /// The commit that it is fixed to now; none where the manifest has none.
        old_pin: Option<String>,
        /// The newest commit of its source.
        new_pin: String,
        /// Its files.
        files: FileChanges,
        /// The lifecycle and MCP commands that change, and the defaults of variables that change what
        /// these do.
        commands: Vec<CommandChange>,
        /// Ports that it declares and did not declare.
        ports_added: Vec<Port>,
        /// Ports that it declared and declares no more.
        ports_removed: Vec<Port>,
        /// Variables that it wants to know and did not want to know.
        variables_added: Vec<EnvVar>,
        /// Variables that it wanted to know and wants no more.
        variables_removed: Vec<EnvVar>,
        /// True where what can run changes, so that its source must be trusted anew.
        needs_trust: bool,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// The files of a plugin that an upgrade changes, relative to its directory.
    FileChanges {
        /// New ones.
        added: Vec<String>,
        /// Those whose content, kind or executable bit differs.
        changed: Vec<String>,
        /// Those that go.
        removed: Vec<String>,
        /// Those that the user edited or made: their bytes are kept in a backup.
        edited: Vec<String>,
    }

    /// A command that an upgrade changes.
    CommandChange {
        /// The field of the definition (`lifecycle.install`).
        field: String,
        /// What it was; none where it was not there.
        old: Option<String>,
        /// What it will be; none where it will not be there.
        new: Option<String>,
    }

    /// The outcome of `uninstall` and `remove`.
    Removed {
        /// The plugin's display name.
        name: String,
        /// The plugin's directory under `plugins/`.
        directory: String,
        /// False where the directory belonged to no plugin of the manifest.
        was_installed: bool,
        /// True where it had an `uninstall` command, which has been run and did not fail.
        uninstalled: bool,
        /// The commit that saved the user's uncommitted changes before they went.
        saved: Option<String>,
        /// Where the user's files are kept that git does not have; none if it has them all.
        backup: Option<String>,
        /// The commit in the home's repository; none where the home does not commit by itself.
        commit: Option<String>,
        /// Where the commit was pushed, or why not; none if the home does not push by itself.
        push: Option<Push>,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// The outcome of `start`, `stop`, `restart` and `logs` for a plugin.
    Ran {
        /// The commands that have been run, in order, by their lifecycle events. Empty if the
        /// plugin declares none.
        commands: Vec<String>,
    }

    /// The outcome of `status`.
    StatusReport {
        /// What was found of each plugin, in the order of the manifest.
        plugins: Vec<StatusLine>,
        /// The home's repository; none if it cannot be read.
        repository: Option<RepositoryStatus>,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// The state of the home's repository, as far as it is known without the network.
    RepositoryStatus {
        /// The branch; none if HEAD is detached.
        branch: Option<String>,
        /// The newest commit; none if there is none yet.
        commit: Option<String>,
        /// The first line of its message.
        subject: Option<String>,
        /// When it was made, in seconds since 1970.
        committed_at: Option<i64>,
        /// The remote that the branch is pushed to, by its name; none if there is none.
        remote: Option<String>,
        /// The URL of the remote, without credentials.
        url: Option<String>,
        /// The branch of the remote that the branch follows (`origin/main`).
        upstream: Option<String>,
        /// How many commits have not been pushed; none if that is not known.
        ahead: Option<i64>,
        /// How many commits of the remote, as last fetched, are not in the branch.
        behind: Option<i64>,
        /// How many files and new directories have changes that are not committed.
        changed: i64,
        /// The first 100 of them, below the home.
        changes: Vec<String>,
    }

    /// The outcome of `status` for a plugin.
    ServiceStatus {
        /// Whether its service runs.
        state: RunState,
        /// Why that is not known; none if it is.
        unknown: Option<UnknownReason>,
        /// What is on disk.
        files: State,
        /// The ports that it declares.
        ports: Vec<PortStatus>,
        /// The required variables that have no value.
        unset: Vec<String>,
    }

    /// A port that a plugin declares.
    PortStatus {
        /// Its number.
        port: i32,
        /// What it is called.
        name: Option<String>,
        /// What is spoken on it.
        protocol: String,
        /// True if something on this machine uses it: TCP or UDP, as `protocol` says.
        in_use: bool,
    }

    /// The outcome of `run` and `git`: a program of the user's ended.
    ScriptEnded {
        /// What was run.
        script: String,
        /// Its exit code; 128 and the signal's number where a signal ended it.
        exit_code: i32,
    }

    /// A plugin of the manifest.
    Listed {
        /// Its display name.
        name: String,
        /// Its directory under `plugins/`.
        directory: String,
        /// Where it comes from.
        source: SourceInfo,
        /// What is on disk.
        state: State,
    }

    /// A plugin of the registry.
    Found {
        /// Its name in the index, by which it is added.
        name: String,
        /// One line about it.
        description: String,
        /// The directory of the plugin that came from it; none where it is not installed.
        installed: Option<String>,
    }

    /// The configuration of a plugin's MCP server.
    McpServer {
        /// What the server is called: the plugin's display name.
        name: String,
        /// What goes below the name.
        config: McpConfig,
        /// Required variables without a value; they stand as `<NOT_SET>` in the configuration.
        unset: Vec<String>,
        /// What deserves attention.
        warnings: Vec<String>,
    }

    /// The parts of a server's configuration.
    McpConfig {
        /// `http` or `sse`, for remote servers.
        #[serde(rename = "type")]
        kind: Option<String>,
        /// The program, for servers that are started.
        command: Option<String>,
        /// Its arguments.
        args: Option<Vec<String>>,
        /// The address, for remote servers.
        url: Option<String>,
        /// Variables for the server, by name. They may hold secrets.
        #[serde(default)]
        env: HashMap<String, String>,
        /// Milliseconds.
        timeout: Option<i64>,
    }

    /// The `README.md` of a plugin.
    Readme {
        /// The plugin's display name.
        name: String,
        /// The text, in Markdown; none where the plugin has no such file.
        text: Option<String>,
    }

    /// What the object cache holds.
    CacheReport {
        /// Its directory.
        path: String,
        /// Bytes on disk, of all entries.
        bytes: i64,
        /// Its repositories, the last used first.
        entries: Vec<CacheEntry>,
    }

    /// A repository of the object cache.
    CacheEntry {
        /// The URL whose objects it holds.
        url: String,
        /// Bytes on disk.
        bytes: i64,
        /// When it was last used, in seconds since 1970.
        last_used: i64,
    }
}
