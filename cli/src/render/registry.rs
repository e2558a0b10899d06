//! What the commands on a registry print for people.

use atk_core::{
    ConfiguredRegistry, RegistryAdded, RegistryBuilt, RegistryChange, RegistryChangeKind,
    RegistryDiff, RegistryInitialized, RegistryRemoved, escape,
};

use super::plan::command;
use super::table::table;
use super::validation::{diagnostic, numbers, shown};
use super::{BOLD, DIM, RED, count};

pub(crate) fn registry_added(outcome: &RegistryAdded) -> String {
    let mut text = format!(
        "Added the registry {BOLD}{}{BOLD:#} ({})\n",
        outcome.name,
        escape(&outcome.url)
    );
    for mirror in &outcome.mirrors {
        text.push_str(&format!("  mirror {}\n", escape(mirror)));
    }
    text
}

pub(crate) fn registry_removed(outcome: &RegistryRemoved) -> String {
    format!(
        "Removed the registry {BOLD}{}{BOLD:#} ({})\n",
        outcome.name,
        escape(&outcome.url)
    )
}

pub(crate) fn registries(list: &[ConfiguredRegistry]) -> String {
    let rows: Vec<_> = list
        .iter()
        .map(|registry| {
            let urls = std::iter::once(&registry.url).chain(&registry.mirrors);
            let urls: Vec<String> = urls.map(|url| escape(url)).collect();
            [
                registry.name.to_string(),
                registry.plugins.len().to_string(),
                urls.join(", "),
            ]
        })
        .collect();
    table(["NAME", "PLUGINS", "URL"], &rows)
}

pub(crate) fn registry_initialized(outcome: &RegistryInitialized) -> String {
    let path = escape(&outcome.path.to_string_lossy());
    let files: String = outcome
        .files
        .iter()
        .map(|file| format!("  + {file}\n"))
        .collect();
    let repository = match outcome.repository_created {
        true => " and a git repository",
        false => "",
    };
    format!(
        "Created a registry{repository} in {path}\n{files}Put plugins into `plugins/<name>/`, run `atk registry build`, and commit.\n"
    )
}

pub(crate) fn registry_built(outcome: &RegistryBuilt, verbose: bool) -> String {
    let shown = shown(&outcome.diagnostics, verbose);
    let mut text: String = shown.iter().copied().map(diagnostic).collect();
    let lists = [
        ("+", &outcome.added),
        ("~", &outcome.changed),
        ("-", &outcome.removed),
    ];
    if outcome.written {
        for (mark, names) in lists {
            for name in names {
                text.push_str(&format!("  {mark} {}\n", escape(name)));
            }
        }
    }
    let plugins = count(outcome.plugins.len(), "plugin");
    let numbers = numbers(&shown);
    text.push_str(&match (outcome.valid, outcome.written) {
        (true, true) => format!("Wrote index.yaml: {plugins}{numbers}\n"),
        (true, false) => format!("index.yaml is up to date: {plugins}{numbers}\n"),
        (false, _) => format!("the registry is not valid: {plugins}{numbers}\n"),
    });
    text
}

pub(crate) fn registry_diff(outcome: &RegistryDiff) -> String {
    if outcome.plugins.is_empty() {
        return format!("No plugin differs from {}\n", outcome.base.short());
    }
    outcome.plugins.iter().map(change).collect()
}

fn change(plugin: &RegistryChange) -> String {
    let name = escape(&plugin.name);
    let happened = match plugin.change {
        RegistryChangeKind::Added => "is new",
        RegistryChangeKind::Removed => "is removed",
        _ => "changes",
    };
    let mut text = format!("{BOLD}{name}{BOLD:#} {happened}\n");
    let lists = [
        ("+", &plugin.files.added),
        ("~", &plugin.files.changed),
        ("-", &plugin.files.removed),
    ];
    for (mark, files) in lists {
        for file in files {
            let can_run = match plugin.runnable.contains(file) {
                true => format!(" {RED}can run{RED:#}"),
                false => String::new(),
            };
            text.push_str(&format!("  {mark} {}{can_run}\n", escape(file)));
        }
    }
    for changed in &plugin.commands {
        text.push_str(&format!("  {DIM}runs{DIM:#} {}\n", command(changed)));
    }
    text
}
