//! The outcomes of `search`, `mcp` and `help`.

use std::time::Duration;

use atk_core::{AgentEntry, McpServer, Readme, SearchResult, escape, escape_lines, json_lines};
use indicatif::HumanDuration;
use serde_json::{Value, json};

use super::markdown::markdown;
use super::table::table;

/// The outcome of `search`.
pub(crate) fn search(result: &SearchResult) -> String {
    let old = result.registries.iter().filter_map(|registry| {
        let age = HumanDuration(Duration::from_secs(registry.seconds_old?));
        Some(format!("The index of `{}` is {age} old\n", registry.name))
    });
    let old: String = old.collect();
    if result.plugins.is_empty() {
        return format!("No plugins found\n{old}");
    }
    let several = result.registries.len() > 1;
    let rows: Vec<_> = result
        .plugins
        .iter()
        .map(|plugin| {
            let installed = if plugin.installed.is_some() {
                "yes"
            } else {
                ""
            };
            [
                match several {
                    true => format!("{}/{}", plugin.registry, escape(&plugin.name)),
                    false => escape(&plugin.name),
                },
                installed.to_owned(),
                escape(&plugin.description),
            ]
        })
        .collect();
    table(["NAME", "INSTALLED", "DESCRIPTION"], &rows) + &old
}

/// The configuration of a server as agents and editors read it.
pub(crate) fn mcp_document(server: &McpServer) -> Value {
    json!({ &server.name: &server.config })
}

/// The entry of an agent's file under its name.
pub(crate) fn agent_document(entry: &AgentEntry) -> Value {
    let content: Value = serde_json::from_str(&entry.content).unwrap_or_default();
    json!({ &entry.name: content })
}

/// The same configuration as text.
pub(crate) fn mcp(document: &Value) -> String {
    format!("{}\n", json_lines(document))
}

/// A warning for each variable without a value.
pub(crate) fn unset(server: &McpServer) -> Vec<String> {
    let unset = server.unset.iter();
    unset
        .map(|name| format!("variable `{name}` is not set"))
        .collect()
}

/// A README, laid out for a terminal or as it is.
pub(crate) fn readme(readme: &Readme, rendered: bool) -> String {
    match &readme.text {
        Some(text) if rendered => markdown(text),
        Some(text) => format!("{}\n", escape_lines(text.trim_end())),
        None => String::new(),
    }
}
