//! A published MCP server, as a plugin definition starts it. Nothing is read from the
//! disk here, and nothing is downloaded or run.

pub(crate) mod bundle_manifest;
mod input;
mod package;
mod server;
pub(crate) mod server_json;

pub(crate) use package::Package;
pub(crate) use server::ImportedServer;
