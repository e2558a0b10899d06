//! A summary of a plugin definition.

use atk_core::{Definition, EnvVar, LifecycleEvent, Mcp, Port, escape};

use super::{BOLD, DIM};

/// The definition: its name and description, then a line for each thing that it declares.
pub(crate) fn definition(definition: &Definition) -> String {
    let name = escape(&definition.name);
    let description = escape(&definition.description);
    let mut text = format!("{BOLD}{name}{BOLD:#}: {description}\n");
    let mut line = |label: &str, value: String| {
        text.push_str(&format!("  {DIM}{label:<10}{DIM:#} {}\n", escape(&value)));
    };
    line("maturity", definition.maturity.as_str().to_owned());
    if let Some(vendor) = &definition.vendor {
        line("vendor", vendor.name.clone());
    }
    if let Some(service) = &definition.service {
        line("service", service.kind.as_str().to_owned());
    }
    if !definition.ports.is_empty() {
        line("ports", list(&definition.ports, port));
    }
    if !definition.env_vars.is_empty() {
        line("variables", list(&definition.env_vars, variable));
    }
    for event in LifecycleEvent::ALL {
        if let Some(command) = event.command(definition) {
            line(event.name(), command.to_owned());
        }
    }
    if let Some(server) = &definition.mcp {
        line("mcp", mcp(server));
    }
    text
}

fn list<T>(items: &[T], word: impl Fn(&T) -> String) -> String {
    items.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn port(port: &Port) -> String {
    match &port.name {
        Some(name) => format!("{} ({name})", port.port),
        None => port.port.to_string(),
    }
}

fn variable(variable: &EnvVar) -> String {
    let notes = match (variable.required, variable.secret) {
        (true, true) => " (required, secret)",
        (true, false) => " (required)",
        (false, true) => " (secret)",
        (false, false) => "",
    };
    format!("{}{notes}", variable.name)
}

fn mcp(server: &Mcp) -> String {
    let words = server.command.iter().chain(&server.args);
    let words = words.chain(&server.endpoint).map(String::as_str);
    words.collect::<Vec<_>>().join(" ")
}
