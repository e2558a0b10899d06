//! `mcp`: the configuration of an MCP server.

use super::McpServer;
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};

pub(crate) fn run(atk: &Atk, _plugin: &str) -> Result<McpServer> {
    let _ = atk;
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
