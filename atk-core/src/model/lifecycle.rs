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

/// Everything that a definition has run: its commands, and the command, arguments and URL of its
/// MCP server.
pub(crate) fn commands(definition: &Definition) -> impl Iterator<Item = &str> {
    let lifecycle = LifecycleEvent::ALL.into_iter();
    let lifecycle = lifecycle.filter_map(|event| event.command(definition));
    let mcp = definition.mcp.iter();
    let mcp = mcp.flat_map(|mcp| mcp.command.iter().chain(&mcp.args).chain(&mcp.endpoint));
    lifecycle.chain(mcp.map(String::as_str))
}

impl fmt::Display for LifecycleEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
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
}
