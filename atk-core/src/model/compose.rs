//! `docker compose` in a lifecycle command: where its compose files can be named.
//!
//! Compose reads its own override file only if no file is named. To add the user's override, the
//! files that compose would have read have to be named as well. Which these are depends on the
//! options in the command, so the command is read as a shell would read it.

mod options;

use super::shell::{self, SimpleCommand, Word, moves, without_prefixes};
use options::ComposeOptions;

/// The compose files that are read if none is named, the preferred one first
/// (compose-go, `cli.DefaultFileNames`).
pub(crate) const DEFAULT_FILES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// The override files that are read beside a default file, the preferred one first
/// (compose-go, `cli.DefaultOverrideFileNames`).
pub(crate) const DEFAULT_OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// What a command line says about compose.
#[derive(Debug, Default)]
pub(crate) struct ComposeLine {
    /// The `docker compose` commands that can get further files, in the order of the line.
    pub(crate) calls: Vec<ComposeCall>,
    /// True if the line also runs compose in a way that cannot be changed safely.
    pub(crate) missed: bool,
}

/// One `docker compose` command of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ComposeCall {
    /// The byte after which further `-f` options go: after the last one that is there, else
    /// after `compose`.
    pub(crate) insert_at: usize,
    /// True if the command names its files itself.
    pub(crate) names_files: bool,
    /// The directory that compose works in, as it is named.
    pub(crate) project_directory: Option<String>,
    /// The files of variables that are named.
    pub(crate) env_files: Vec<String>,
}

/// Reads a command line. Only a line that starts with `docker compose` has calls: in any other
/// the plugin's author decides which files are read.
pub(crate) fn read(line: &str) -> ComposeLine {
    let mentions = line.contains("compose");
    let not_read = ComposeLine {
        calls: Vec::new(),
        missed: mentions,
    };
    if !mentions {
        return not_read;
    }
    let Some(commands) = shell::commands(line) else {
        return not_read;
    };
    if commands
        .first()
        .is_none_or(|command| compose_end(&command.words).is_none())
    {
        return not_read;
    }
    let mut read = ComposeLine::default();
    // What the line itself sets cannot be known before it runs.
    let mut moved = false;
    let sets_files = [
        "COMPOSE_FILE",
        "COMPOSE_PATH_SEPARATOR",
        "COMPOSE_ENV_FILES",
    ]
    .iter()
    .any(|name| line.contains(&format!("{name}=")));
    for command in &commands {
        let words = without_prefixes(&command.words);
        match compose_end(words) {
            Some(end) => match call(words, end) {
                Some(call) if !moved && (call.names_files || !sets_files) => read.calls.push(call),
                Some(_) | None => read.missed = true,
            },
            None => {
                moved |= moves(words);
                read.missed |= runs_compose(command);
            }
        }
    }
    read
}

fn call(words: &[Word], end: usize) -> Option<ComposeCall> {
    let options = ComposeOptions::read(words.get(2..)?)?;
    Some(ComposeCall {
        insert_at: options.last_file.unwrap_or(end),
        names_files: options.last_file.is_some(),
        project_directory: options.project_directory,
        env_files: options.env_files,
    })
}

/// Where the words `docker compose` end, if the command starts with them.
fn compose_end(words: &[Word]) -> Option<usize> {
    match words {
        [docker, compose, ..] if docker.is("docker") && compose.is("compose") => {
            Some(compose.range.end)
        }
        _ => None,
    }
}

/// True if a command that does not start with `docker compose` seems to run compose
/// (`docker-compose up`, `sudo docker compose up`).
fn runs_compose(command: &SimpleCommand) -> bool {
    command
        .words
        .iter()
        .any(|word| word.is("compose") || word.text.ends_with("-compose"))
}

/// A word of a shell's command line.
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests;
