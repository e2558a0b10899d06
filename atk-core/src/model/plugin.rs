//! The plugin definition: `plugin.yaml`, merged with its overlay and checked.
//!
//! A definition is read in three steps: both files become nodes that know where they stand, the
//! overlay is merged over the plugin's own (`overlay`), and the result is checked field by
//! field (`check`), so that one reading finds every problem and names the file it came from.

mod check;
mod form;
mod parts;
#[cfg(feature = "schema")]
pub(crate) mod pattern;
mod read;

use serde::Serialize;

pub(crate) use form::{name as check_name, variable as check_variable};
pub(crate) use parts::DEFAULT_COMPOSE_FILE;
pub use parts::{EnvVar, Lifecycle, Maturity, Mcp, Port, Service, ServiceType, Transport, Vendor};
pub(crate) use read::inspect;

/// The newest version of the format that this library knows all fields of.
pub(crate) const SCHEMA_VERSION: &str = "2026-01-23";

/// A plugin definition: what `plugin.yaml` says, with the user's overlay merged in. It serializes
/// in the shape of the file, absent fields left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Definition {
    /// The date that names the format's version.
    pub schema_version: String,
    /// The display name. It has no control characters.
    pub name: String,
    /// One line about it.
    pub description: String,
    /// How thoroughly people have reviewed the plugin.
    pub maturity: Maturity,
    /// Who makes the tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Vendor>,
    /// How its service runs, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The ports that its service listens on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// The variables that it uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env_vars: Vec<EnvVar>,
    /// The commands that it can run.
    #[serde(skip_serializing_if = "Lifecycle::is_empty")]
    pub lifecycle: Lifecycle,
    /// Its MCP server, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcp: Option<Mcp>,
}

#[cfg(test)]
mod tests;
