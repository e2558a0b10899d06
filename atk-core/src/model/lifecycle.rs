//! Lifecycle events: the closed list of them, and the commands that belong to them.

use std::fmt;

use serde::Serialize;

use super::plugin::Definition;

/// A lifecycle event of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LifecycleEvent {
    /// The plugin's files have come, or changed.
    Install,
    /// The plugin is about to go.
    Uninstall,
    /// Its service is to run.
    Start,
    /// Its service is to stop.
    Stop,
    /// Does its service run?
    Status,
    /// What has its service logged?
    Logs,
}

impl LifecycleEvent {
    /// Every event.
    pub const ALL: [LifecycleEvent; 6] = [
        LifecycleEvent::Install,
        LifecycleEvent::Uninstall,
        LifecycleEvent::Start,
        LifecycleEvent::Stop,
        LifecycleEvent::Status,
        LifecycleEvent::Logs,
    ];

    /// Its name, which is the name of its field in a definition.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LifecycleEvent::Install => "install",
            LifecycleEvent::Uninstall => "uninstall",
            LifecycleEvent::Start => "start",
            LifecycleEvent::Stop => "stop",
            LifecycleEvent::Status => "status",
            LifecycleEvent::Logs => "logs",
        }
    }

    /// The command that a definition declares for it.
    #[must_use]
    pub fn command(self, definition: &Definition) -> Option<&str> {
        let lifecycle = &definition.lifecycle;
        let command = match self {
            LifecycleEvent::Install => &lifecycle.install,
            LifecycleEvent::Uninstall => &lifecycle.uninstall,
            LifecycleEvent::Start => &lifecycle.start,
            LifecycleEvent::Stop => &lifecycle.stop,
            LifecycleEvent::Status => &lifecycle.status,
            LifecycleEvent::Logs => &lifecycle.logs,
        };
        command.as_deref()
    }
}

impl fmt::Display for LifecycleEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a user's addition to a plugin's compose file lies, below the plugin's directory.
pub(crate) const COMPOSE_OVERRIDE: &str = "custom/docker-compose.override.yml";

/// The command as it is run. Where the user's compose override exists, a command that starts with
/// `docker compose` gets it: `-f <compose file> -f custom/docker-compose.override.yml` is
/// inserted there, and at each further `docker compose` that starts a command of the same line
/// (`docker compose pull && docker compose up -d` is one line and two commands).
pub(crate) fn with_compose_override(
    command: &str,
    definition: &Definition,
    override_exists: bool,
) -> String {
    if !override_exists || compose_length(command.trim_start()).is_none() {
        return command.to_owned();
    }
    let compose_file = match &definition.service {
        Some(service) => service.compose_file(),
        None => super::plugin::DEFAULT_COMPOSE_FILE,
    };
    let files = format!(" -f {} -f {COMPOSE_OVERRIDE}", shell_word(compose_file));
    insert_after_compose(command, &files)
}

fn insert_after_compose(command: &str, files: &str) -> String {
    let mut run = String::with_capacity(command.len() + files.len());
    let mut rest = command;
    let mut starts = true;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        if starts
            && quote.is_none()
            && let Some(length) = compose_length(rest)
        {
            run.push_str(&rest[..length]);
            run.push_str(files);
            rest = &rest[length..];
            starts = false;
            continue;
        }
        run.push(c);
        rest = &rest[c.len_utf8()..];
        match (quote, c) {
            (None, '\'' | '"') => {
                quote = Some(c);
                starts = false;
            }
            (Some(open), _) if open == c => quote = None,
            (None | Some('"'), '\\') => {
                starts = false;
                if let Some(next) = rest.chars().next() {
                    run.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
            (None, ';' | '&' | '|' | '\n' | '(') => starts = true,
            (None, c) if c.is_whitespace() => {}
            (None, _) => starts = false,
            (Some(_), _) => {}
        }
    }
    run
}

/// The length of the words `docker compose`, if the text starts with them.
fn compose_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("docker")?;
    let word = rest.trim_start_matches([' ', '\t']);
    let after = word.strip_prefix("compose")?;
    let ends = after.is_empty() || after.starts_with([' ', '\t', '\n', ';', '&', '|', ')']);
    (ends && word.len() < rest.len()).then(|| text.len() - after.len())
}

/// A word of a shell's command line.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(rest: &str) -> Definition {
        let yaml = format!("schema_version: '2026-01-23'\nname: T1\ndescription: d\n{rest}");
        Definition::read(yaml.as_bytes(), "plugin.yaml", None)
            .unwrap()
            .0
    }

    fn run(command: &str) -> String {
        with_compose_override(command, &definition(""), true).replace(
            " -f docker-compose.yml -f custom/docker-compose.override.yml",
            " <files>",
        )
    }

    #[test]
    fn every_event_has_its_own_command() {
        let fields: Vec<_> = LifecycleEvent::ALL
            .iter()
            .map(|event| format!("  {event}: run-{event}\n"))
            .collect();
        let definition = definition(&format!("lifecycle:\n{}", fields.concat()));
        for event in LifecycleEvent::ALL {
            let expected = format!("run-{event}");
            assert_eq!(event.command(&definition), Some(expected.as_str()));
        }
    }

    #[test]
    fn compose_commands_get_the_users_override() {
        assert_eq!(run("docker compose up -d"), "docker compose <files> up -d");
        assert_eq!(run("docker  compose"), "docker  compose <files>");
        assert_eq!(
            run("docker compose pull && docker compose up -d; docker compose ps|cat"),
            "docker compose <files> pull && docker compose <files> up -d; docker compose <files> ps|cat"
        );
    }

    #[test]
    fn other_commands_and_quoted_words_stay() {
        for command in [
            "docker compose-x up",
            "docker-compose up",
            "docker run x",
            "cd x && docker compose up",
            "./docker compose up",
        ] {
            assert_eq!(run(command), command);
        }
        assert_eq!(
            run("docker compose exec a sh -c 'x; docker compose y' \"; docker compose z\""),
            "docker compose <files> exec a sh -c 'x; docker compose y' \"; docker compose z\""
        );
        assert_eq!(
            run("docker compose run a echo docker compose \\; docker compose"),
            "docker compose <files> run a echo docker compose \\; docker compose"
        );
        let none = with_compose_override("docker compose up", &definition(""), false);
        assert_eq!(none, "docker compose up");
    }

    #[test]
    fn the_definition_names_the_compose_file() {
        let definition = definition("service: {compose_file: my compose's.yml}\n");
        assert_eq!(
            with_compose_override("docker compose up", &definition, true),
            "docker compose -f 'my compose'\\''s.yml' -f custom/docker-compose.override.yml up"
        );
    }
}
