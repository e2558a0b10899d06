//! The outcome of `show` as text for people.

use std::time::SystemTime;

use atk_core::{Definition, Mcp, Shown, ValueOrigin, VariableStatus, escape};

use super::cache::ago;
use super::plugin::{following, origin, state};
use super::{BOLD, CYAN, DIM, RED};

/// How many edited files are named.
const NAMED: usize = 20;

pub(crate) fn show(shown: &Shown, now: SystemTime) -> String {
    let mut text = Text::default();
    let name = escape(&shown.name);
    text.line(&format!("{BOLD}{name}{BOLD:#} ({})", shown.directory));
    if let Some(definition) = &shown.definition {
        text.line(&escape(&definition.description));
    }
    let source = format!("{}{}", origin(&shown.source), following(&shown.source));
    text.field("source", &source);
    if let Some(pin) = &shown.source.pin {
        let made = shown.pinned_at.and_then(|made| u64::try_from(made).ok());
        let made = made.map_or(String::new(), |made| format!(" ({})", ago(made, now)));
        text.field("pin", &format!("{pin}{made}"));
    }
    let operation = shown.operation.as_deref();
    let operation = operation.map_or(String::new(), |name| format!(" ({})", escape(name)));
    text.field("files", &format!("{}{operation}", state(shown.state)));
    text.field("path", &escape(&shown.path.to_string_lossy()));
    if let Some(definition) = &shown.definition {
        commands(&mut text, definition);
    }
    for variable in &shown.variables {
        text.field("variable", &self::variable(variable));
    }
    for port in &shown.ports {
        let name = port.name.as_deref();
        let name = name.map_or(String::new(), |name| format!(" {}", escape(name)));
        let used = if port.in_use { ", in use" } else { "" };
        let protocol = escape(&port.protocol);
        text.field("port", &format!("{}{name} ({protocol}{used})", port.port));
    }
    if let Some(mcp) = shown.definition.as_ref().and_then(|one| one.mcp.as_ref()) {
        text.field("mcp", &server(mcp));
    }
    for skill in &shown.skills {
        text.field("skill", &escape(skill));
    }
    for script in &shown.scripts {
        text.field("script", &escape(script));
    }
    edited(&mut text, shown);
    text.text
}

fn commands(text: &mut Text, definition: &Definition) {
    let lifecycle = &definition.lifecycle;
    for (name, command) in [
        ("install", &lifecycle.install),
        ("uninstall", &lifecycle.uninstall),
        ("start", &lifecycle.start),
        ("stop", &lifecycle.stop),
        ("logs", &lifecycle.logs),
        ("status", &lifecycle.status),
    ] {
        if let Some(command) = command {
            text.field(name, &escape(command));
        }
    }
}

fn variable(variable: &VariableStatus) -> String {
    let name = &variable.name;
    let value = match (variable.is_set, &variable.value) {
        (true, Some(value)) => format!(" = {}", escape(value)),
        (true, None) => format!(" {DIM}is set{DIM:#}"),
        (false, _) if variable.required => format!(" {RED}is not set (required){RED:#}"),
        (false, _) => format!(" {DIM}is not set{DIM:#}"),
    };
    let origin = match variable.origin {
        Some(ValueOrigin::Environment) => format!(" {DIM}(environment){DIM:#}"),
        _ => String::new(),
    };
    format!("{name}{value}{origin}")
}

fn server(mcp: &Mcp) -> String {
    let words = mcp.command.iter().chain(&mcp.args).chain(&mcp.endpoint);
    let words: Vec<String> = words.map(|word| escape(word)).collect();
    format!("{} {}", mcp.transport.as_str(), words.join(" "))
}

fn edited(text: &mut Text, shown: &Shown) {
    let files = shown.edited.as_deref().unwrap_or_default();
    for file in files.iter().take(NAMED) {
        text.field("edited", &escape(file));
    }
    if let Some(more) = files.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.field("edited", &format!("and {more} more files"));
    }
}

/// Lines with a word in front, which is written once for all that follow each other.
#[derive(Default)]
struct Text {
    text: String,
    last: String,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn field(&mut self, name: &str, value: &str) {
        let shown = if self.last == name { "" } else { name };
        self.line(&format!("  {CYAN}{shown:<10}{CYAN:#} {value}"));
        name.clone_into(&mut self.last);
    }
}
