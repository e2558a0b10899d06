//! The text of `plugin.yaml`.

use super::parts::PluginTemplate;
use super::server::ServerParts;
use super::service::ServiceParts;
use crate::model::plugin::{EnvVar, SCHEMA_VERSION};
use crate::model::yaml::inline;
use crate::schemas;

/// What the definition has in the place of variables if there are none yet.
const VARIABLES: &str = "
# Variables that the plugin needs; `atk setup` asks for them, and commands get them.
# env_vars:
# - name: TOOL_TOKEN
#   required: true
#   secret: true
#   description: A token of the service, from its settings
";

pub(super) fn text(
    plugin: &PluginTemplate<'_>,
    service: Option<&ServiceParts>,
    server: Option<&ServerParts>,
) -> String {
    let mut text = format!(
        "# yaml-language-server: $schema={}\n\
         schema_version: '{SCHEMA_VERSION}'\n\
         name: {}\n\
         description: {}\n\
         # Or `ai-generated`, as long as no person has reviewed it. `verified` is for the maintainers of registries.\n\
         maturity: community\n",
        schemas::plugin_url(),
        inline(plugin.name),
        inline(plugin.description),
    );
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let imported = plugin.imported;
    if let Some(vendor) = imported.and_then(|server| server.vendor.as_ref()) {
        line("\nvendor:");
        line(&format!("  name: {}", inline(&vendor.name)));
        for (field, value) in [("url", &vendor.url), ("docs", &vendor.docs)] {
            if let Some(value) = value {
                line(&format!("  {field}: {}", inline(value)));
            }
        }
    }
    if let Some(service) = service {
        line("\nservice:");
        for (field, value) in &service.fields {
            line(&format!("  {field}: {}", inline(value)));
        }
        if let Some(port) = service.port {
            line("\nports:");
            line(&format!("- port: {port}"));
            line("  name: mcp");
            line("  description: The MCP server");
        }
    }
    match imported.map_or(&[][..], |server| &server.env_vars) {
        [] => VARIABLES.lines().for_each(&mut line),
        variables => {
            line("\n# `atk setup` asks for these variables.");
            line("env_vars:");
            variables
                .iter()
                .flat_map(variable)
                .for_each(|text| line(&text));
        }
    }
    if let Some(service) = service {
        line("\n# Lines for /bin/sh, run in the directory of the plugin.");
        line("lifecycle:");
        for (event, command) in &service.lifecycle {
            line(&format!("  {event}: {}", inline(command)));
        }
    }
    if let Some(server) = server {
        line("\nmcp:");
        line(&format!("  transport: {}", server.transport.as_str()));
        if let Some(comment) = server.comment {
            line(&format!("  # {comment}"));
        }
        if let Some(command) = &server.command {
            line(&format!("  command: {}", inline(command)));
        }
        if !server.args.is_empty() {
            line("  args:");
        }
        for argument in &server.args {
            line(&format!("  - {}", inline(argument)));
        }
        if let Some(endpoint) = &server.endpoint {
            line(&format!("  endpoint: {}", inline(endpoint)));
        }
        if !server.env.is_empty() {
            line("  env:");
        }
        for name in &server.env {
            line(&format!("  - {}", inline(name)));
        }
    }
    text
}

/// The lines of a variable.
fn variable(variable: &EnvVar) -> Vec<String> {
    let mut lines = vec![format!("- name: {}", inline(&variable.name))];
    for (field, value) in [("required", variable.required), ("secret", variable.secret)] {
        lines.extend(value.then(|| format!("  {field}: true")));
    }
    let texts = [
        ("default", &variable.default),
        ("description", &variable.description),
    ];
    for (field, value) in texts {
        lines.extend(
            value
                .iter()
                .map(|value| format!("  {field}: {}", inline(value))),
        );
    }
    lines
}
