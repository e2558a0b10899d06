//! The outcomes of the operations on registries: those that a home uses, and one that one runs.

use std::path::PathBuf;

use serde::Serialize;

use super::change::Push;
use super::upgrade::{CommandChange, FileChanges};
use super::validation::Diagnostic;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::registry::RegistryName;

/// The outcome of `registry_init`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryInitialized {
    /// The directory of the registry.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The files that were written, relative to it, with `/`.
    pub files: Vec<String>,
    /// True if a git repository was created; false if the directory is in one already.
    pub repository_created: bool,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `registry_build`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryBuilt {
    /// True if every plugin is valid and, with the option `check_only`, the index is what would be written.
    pub valid: bool,
    /// The directory of the registry.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The plugins, in the order of the index.
    pub plugins: Vec<RegistryPlugin>,
    /// The names of the plugins that the index did not have.
    pub added: Vec<String>,
    /// The names of the plugins whose path or description the index had otherwise.
    pub changed: Vec<String>,
    /// The names that the index had, and no plugin has.
    pub removed: Vec<String>,
    /// True if `index.yaml` was written: it was different, and every plugin is valid.
    pub written: bool,
    /// Everything that is wrong, plugin by plugin, as `validate` finds it.
    pub diagnostics: Vec<Diagnostic>,
    /// Warnings: problems of the operation itself.
    pub warnings: Vec<String>,
}

/// A plugin of a registry, as its index has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryPlugin {
    /// The name that users type: that of its directory.
    pub name: String,
    /// Its directory in the registry, with `/`.
    pub path: String,
    /// The description of its definition.
    pub description: String,
}

/// The outcome of `registry_diff`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryDiff {
    /// The directory of the registry.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The commit that the files of the directory are compared with.
    pub base: Pin,
    /// The plugins that differ, in the order of their names.
    pub plugins: Vec<RegistryChange>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// How a plugin of a registry differs from what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryChange {
    /// The name of the plugin in the registry.
    pub name: String,
    /// What happened to it.
    pub change: RegistryChangeKind,
    /// Its files. `edited` is empty.
    pub files: FileChanges,
    /// The lifecycle and MCP commands that differ, and the defaults of variables that change what these
    /// do. Empty if the definition cannot be read: `registry_build` finds why.
    pub commands: Vec<CommandChange>,
    /// Those of its new or changed files that can run or be orders to an agent: all but documentation.
    pub runnable: Vec<String>,
}

/// What happened to a plugin of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RegistryChangeKind {
    /// It is new.
    Added,
    /// Some of its files differ.
    Changed,
    /// It is gone.
    Removed,
}

/// The outcome of `registry_add`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryAdded {
    /// Its name.
    pub name: RegistryName,
    /// The URL of its repository.
    pub url: String,
    /// The URLs of copies of the repository, in the order in which they are tried.
    pub mirrors: Vec<String>,
    /// The commit in the home's repository; null if the home does not commit by itself.
    pub commit: Option<Pin>,
    /// The push to the home's remote; null if the home does not push by itself.
    pub push: Option<Push>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// The outcome of `registry_remove`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryRemoved {
    /// The name that it had.
    pub name: RegistryName,
    /// The URL of its repository.
    pub url: String,
    /// The directories of the plugins that came from it. They stay.
    pub plugins: Vec<PluginDir>,
    /// The commit in the home's repository; null if the home does not commit by itself.
    pub commit: Option<Pin>,
    /// The push to the home's remote; null if the home does not push by itself.
    pub push: Option<Push>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

/// A registry that plugins can be added from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConfiguredRegistry {
    /// Its name; `default` for the default registry.
    pub name: RegistryName,
    /// The URL of its repository.
    pub url: String,
    /// The URLs of copies of the repository, in the order in which they are tried.
    pub mirrors: Vec<String>,
    /// True if the home's `atk.yaml` names it; false for the default registry and those of the options of the
    /// handle.
    pub in_home: bool,
    /// The directories of the plugins of the manifest that came from it.
    pub plugins: Vec<PluginDir>,
}
