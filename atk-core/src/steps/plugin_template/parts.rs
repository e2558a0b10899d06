//! What a new plugin has.

use crate::model::imported_server::ImportedServer;
use crate::model::name::PluginDir;
use crate::model::plugin::{ServiceType, Transport};

/// A plugin that is to be written.
pub(crate) struct PluginTemplate<'a> {
    pub(crate) name: &'a str,
    /// The directory that it gets in a home.
    pub(crate) directory: &'a PluginDir,
    pub(crate) description: &'a str,
    pub(crate) service: Option<ServiceType>,
    pub(crate) server: Option<Transport>,
    /// The server, if it is a published one.
    pub(crate) imported: Option<&'a ImportedServer>,
    pub(crate) skill: bool,
}

impl PluginTemplate<'_> {
    /// True if the service is the MCP server: one that clients connect to by a URL.
    pub(super) fn serves(&self) -> bool {
        let by_url = matches!(self.server, Some(Transport::Http | Transport::Sse));
        by_url && self.service.is_some() && self.imported.is_none()
    }
}
