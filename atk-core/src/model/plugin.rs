//! The plugin definition: `plugin.yaml`, merged with its overlay and checked.

use serde::Serialize;

/// A plugin definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Definition {
    /// The date that names the format's version.
    pub schema_version: String,
    /// The display name.
    pub name: String,
    /// One line about it.
    pub description: String,
}
