//! `mcp`: the configuration of an MCP server.

use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::manifest::Entry;
use crate::model::mcp::Resolver;
use crate::model::plugin::Transport;
use crate::outcome::{McpConfig, McpServer};
use crate::steps::context::Context;
use crate::steps::{definition, env_file, reading};
use crate::text::escape;

pub(crate) fn run(context: &Context<'_>, plugin: &str) -> Result<McpServer> {
    let home = context.home()?;
    reading::of_plugin(context, &home, plugin, |entry| server(&home, entry))
}

fn server(home: &HomeDir, entry: &Entry) -> Result<McpServer> {
    let directory = &entry.directory;
    let (definition, _) = definition::of_installed(home, entry)?;
    let Some(mcp) = &definition.mcp else {
        return Err(Error::new(
            ErrorKind::NotDeclared,
            format!("`{}` declares no MCP server", escape(&definition.name)),
        )
        .with_plugin(directory.as_str()));
    };
    let (file, warnings) = env_file::read_quietly(home, directory)?;
    let dir = home.plugin_dir(directory);
    let dir = dir.to_string_lossy();
    let mut resolver = Resolver::new(&definition.env_vars, &file, &dir);
    let args: Vec<String> = mcp.args.iter().map(|arg| resolver.fill(arg)).collect();
    let config = McpConfig {
        kind: match mcp.transport {
            Transport::Stdio => None,
            Transport::Http | Transport::Sse => Some(mcp.transport.as_str().to_owned()),
        },
        command: mcp.command.as_ref().map(|text| resolver.fill(text)),
        args: (!args.is_empty()).then_some(args),
        url: mcp.endpoint.as_ref().map(|text| resolver.fill(text)),
        env: resolver.environment(&mcp.env),
        timeout: mcp.timeout,
    };
    Ok(McpServer {
        name: definition.name.clone(),
        config,
        unset: resolver.unset(),
        warnings,
    })
}
