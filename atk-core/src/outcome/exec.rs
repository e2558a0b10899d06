//! The outcome of `exec`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::error::path_as_text;
use crate::model::name::PluginDir;

/// The command of a plugin's MCP server, ready to be started.
///
/// Start `program` with `args` in `path`, in the environment that the home's handle was opened with,
/// without the variables in `unset_env` and with those in `env`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ServerCommand {
    /// The plugin's directory under `plugins/`.
    pub directory: PluginDir,
    /// The absolute path of that directory: the command's working directory.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The absolute path of the program.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub program: PathBuf,
    /// Its arguments, without the program's own name.
    pub args: Vec<String>,
    /// Variables to set, by name. They may hold secrets.
    pub env: BTreeMap<String, String>,
    /// Variables to remove from the environment: they tie git to one repository.
    pub unset_env: Vec<String>,
    /// Warnings: problems that did not stop the operation.
    pub warnings: Vec<String>,
}

impl std::fmt::Debug for ServerCommand {
    /// Shows neither arguments nor variables: they may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerCommand")
            .field("directory", &self.directory)
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}
