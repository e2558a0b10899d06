//! The programs that the commands of plugins start with.

use super::finding::Finding;
use super::patient::Patient;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::plugin::Definition;
use crate::text::escape;

const ID: &str = "commands";

/// Words that a shell does itself, or that begin a compound command.
const OF_SHELL: &[&str] = &[
    ".", ":", "[", "alias", "break", "case", "cd", "command", "echo", "eval", "exec", "exit",
    "export", "false", "for", "if", "printf", "pwd", "read", "return", "set", "shift", "source",
    "test", "trap", "true", "type", "ulimit", "umask", "unset", "until", "wait", "while",
];

pub(super) fn check(patient: &Patient<'_>) -> Vec<Finding> {
    let (Some(home), true) = (patient.open_home(), patient.manifest.is_some()) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (entry, definition) in patient.definitions() {
        let directory = home.plugin_dir(&entry.directory);
        for (what, command) in commands(&definition) {
            let Some(program) = program(command) else {
                continue;
            };
            let is_there = match program.contains('/') {
                true => directory.join(program).exists(),
                false => patient.program(program).is_some(),
            };
            if is_there || !directory.exists() {
                continue;
            }
            let (plugin, program) = (&entry.directory, escape(program));
            let (place, fix) = match program.contains('/') {
                true => (
                    "does not exist",
                    format!("`atk repair {plugin}`, or run its `install` again"),
                ),
                false => ("is not on the `PATH`", format!("install `{program}`")),
            };
            let message =
                format!("the {what} of `{plugin}` starts with `{program}`, which {place}");
            findings.push(Finding::warning(ID, message, fix));
        }
    }
    match findings.is_empty() {
        true => vec![Finding::ok(
            ID,
            "the programs that plugins start with are there",
        )],
        false => findings,
    }
}

fn commands(definition: &Definition) -> Vec<(String, &str)> {
    let events = LifecycleEvent::ALL.iter();
    let lifecycle = events.filter_map(|event| {
        let command = event.command(definition)?;
        Some((format!("command `{event}`"), command))
    });
    let mcp = definition
        .mcp
        .as_ref()
        .and_then(|mcp| mcp.command.as_deref());
    let mcp = mcp.map(|command| ("MCP server".to_owned(), command));
    lifecycle.chain(mcp).collect()
}

/// The program that a line of shell starts with, if that is plain to see.
fn program(line: &str) -> Option<&str> {
    let is_assignment = |word: &&str| {
        let name = word.split_once('=').map(|(name, _)| name);
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        name.is_some_and(|name| !name.is_empty() && is_name(name))
    };
    let word = line.split_whitespace().find(|word| !is_assignment(word))?;
    let word = word.trim_end_matches(';');
    let is_plain = |c: char| c.is_alphanumeric() || "./_-+@".contains(c);
    (!word.is_empty() && word.chars().all(is_plain) && !OF_SHELL.contains(&word)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_line_is_found_if_it_is_plain() {
        let cases = [
            ("npm ci", Some("npm")),
            ("  A=1 B= uv run x", Some("uv")),
            ("./install.sh --yes", Some("./install.sh")),
            ("python3; true", Some("python3")),
            ("cd x && y", None),
            ("$PYTHON x", None),
            ("(x)", None),
            ("if x; then y; fi", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(program(line), expected, "{line}");
        }
    }
}
