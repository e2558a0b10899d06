//! What a plugin definition has of a server.

use crate::model::plugin::{EnvVar, Mcp, Vendor};

/// What a plugin definition has of a server.
#[derive(Debug)]
pub(crate) struct ImportedServer {
    /// What the plugin may be called, the best first. Not every name can be that of a plugin.
    pub(crate) names: Vec<String>,
    /// One line; never blank.
    pub(crate) description: Option<String>,
    pub(crate) vendor: Option<Vendor>,
    pub(crate) mcp: Mcp,
    pub(crate) env_vars: Vec<EnvVar>,
    /// What the plugin does not have of the server.
    pub(crate) warnings: Vec<String>,
}
