//! `mcp`: the configuration of an MCP server.

use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::manifest::Entry;
use crate::model::mcp::Resolver;
use crate::model::plugin::Transport;
use crate::outcome::{McpConfig, McpServer};
use crate::steps::context::Context;
use crate::steps::plugging::server::PluginServer;
use crate::steps::{definition, env_file, installed_agents, reading};
use crate::text::escape;

pub(crate) fn run(context: &Context<'_>, plugin: &str, agent: Option<&str>) -> Result<McpServer> {
    let agent = agent.map(installed_agents::known).transpose()?;
    let home = context.home()?;
    reading::of_plugin(context, &home, plugin, |entry| {
        let mut server = server(&home, entry)?;
        if let Some(agent) = agent
            && let Some(plugged) = PluginServer::read(context, &home, entry)?
        {
            server.agent_entry = Some(plugged.agent_entry(agent)?);
            // The entry holds no values.
            server.unset.clear();
        }
        Ok(server)
    })
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
        agent_entry: None,
        unset: resolver.unset(),
        warnings,
    })
}
