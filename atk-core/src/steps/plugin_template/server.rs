//! The MCP server of a new plugin.

use super::parts::PluginTemplate;
use super::service::{PORT, SERVER as PROGRAM};
use crate::model::plugin::{Mcp, Transport};
use crate::steps::new_directory::NewFile;

const SERVER: &str = include_str!("server.py");
const STDIO: &str = include_str!("server_stdio.py");
const HTTP: &str = include_str!("server_http.py");
const SSE: &str = include_str!("server_sse.py");

/// What the server is in the definition, and its files.
pub(super) struct ServerParts {
    pub(super) transport: Transport,
    pub(super) comment: Option<&'static str>,
    pub(super) command: Option<String>,
    pub(super) args: Vec<String>,
    pub(super) endpoint: Option<String>,
    /// The names of the variables that it gets.
    pub(super) env: Vec<String>,
    pub(super) files: Vec<NewFile>,
}

pub(super) fn of(plugin: &PluginTemplate<'_>, transport: Transport) -> ServerParts {
    match plugin.imported {
        Some(imported) => published(&imported.mcp),
        None => example(plugin, transport),
    }
}

fn published(mcp: &Mcp) -> ServerParts {
    ServerParts {
        transport: mcp.transport,
        comment: None,
        command: mcp.command.clone(),
        args: mcp.args.clone(),
        endpoint: mcp.endpoint.clone(),
        env: mcp.env.clone(),
        files: Vec::new(),
    }
}

/// A small server that works.
fn example(plugin: &PluginTemplate<'_>, transport: Transport) -> ServerParts {
    let (imports, main, path) = match transport {
        Transport::Stdio => ("import json\nimport sys", STDIO, ""),
        Transport::Http => (
            "import json\nimport os\nimport sys\n\
             from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer\n\
             from urllib.parse import urlsplit",
            HTTP,
            "mcp",
        ),
        Transport::Sse => (
            "import json\nimport os\nimport sys\nimport uuid\n\
             from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer\n\
             from queue import Queue\n\
             from urllib.parse import urlsplit",
            SSE,
            "sse",
        ),
    };
    let text = SERVER
        .replace("{imports}", imports)
        .replace("{directory}", plugin.directory.as_str());
    let program = NewFile::script(PROGRAM, format!("{}\n\n\n{main}", text.trim_end()));
    let nothing = ServerParts {
        transport,
        comment: None,
        command: None,
        args: Vec::new(),
        endpoint: None,
        env: Vec::new(),
        files: Vec::new(),
    };
    match transport {
        Transport::Stdio => ServerParts {
            command: Some("python3".into()),
            args: vec![format!("$ATK_PLUGIN_DIR/{PROGRAM}")],
            files: vec![program],
            ..nothing
        },
        Transport::Http | Transport::Sse if plugin.serves() => ServerParts {
            endpoint: Some(format!("http://127.0.0.1:{PORT}/{path}")),
            files: vec![program],
            ..nothing
        },
        Transport::Http | Transport::Sse => ServerParts {
            comment: Some(
                "The URL of the server. In it, $NAME is the value of a variable of env_vars.",
            ),
            endpoint: Some(format!("https://mcp.example.com/{path}")),
            ..nothing
        },
    }
}
