//! What the host was warned of, for the outcome: events are advisory, the outcome is complete.

use std::cell::RefCell;

use super::{
    Added, AgentStatus, Bootstrapped, CacheExported, CacheFetched, CacheImported, CacheReport,
    ConfiguredRegistry, Created, DoctorReport, Fetched, Held, HistoryEntry, Initialized, Installed,
    Line, LineResult, Listed, McpServer, Outdated, Plug, Plugged, Ran, Readme, RegistryAdded,
    RegistryBuilt, RegistryDiff, RegistryInitialized, RegistryRemoved, Removed, Repaired,
    RepairedPlugin, Report, SchemaDocument, ScriptEnded, SearchResult, ServerCommand, SetUp, Shown,
    StatusReport, UndoPlan, Undone, UndonePlugin, UpgradePlan, Upgraded, Validation, Verification,
    Watched,
};
use crate::host::{Event, Level};
use crate::model::source::Source;

/// A warning, and the directory of the plugin that it is about.
pub(crate) struct Warning {
    plugin: Option<String>,
    text: String,
}

/// The warnings of an operation so far.
#[derive(Default)]
pub(crate) struct Warnings(RefCell<Vec<Warning>>);

impl Warnings {
    /// Keeps an event if it is a warning.
    pub(crate) fn keep(&self, event: &Event) {
        if let Event::Message {
            level: Level::Warning,
            plugin,
            text,
        } = event
        {
            self.0.borrow_mut().push(Warning {
                plugin: plugin.clone(),
                text: text.clone(),
            });
        }
    }

    pub(crate) fn take(&self) -> Vec<Warning> {
        self.0.take()
    }
}

/// The outcome of an operation.
pub(crate) trait Outcome {
    /// The place for its warnings; None if it has none.
    fn warnings(&mut self) -> Option<&mut Vec<String>> {
        None
    }

    /// Adds those warnings that it does not have yet.
    fn add_warnings(&mut self, warnings: Vec<Warning>) {
        if let Some(own) = self.warnings() {
            for warning in warnings {
                add(own, warning);
            }
        }
    }
}

fn add(warnings: &mut Vec<String>, warning: Warning) {
    if !warnings.contains(&warning.text) {
        warnings.push(warning.text);
    }
}

macro_rules! have_warnings {
    ($($outcome:ty),+) => {$(
        impl Outcome for $outcome {
            fn warnings(&mut self) -> Option<&mut Vec<String>> {
                Some(&mut self.warnings)
            }
        }
    )+};
}

have_warnings!(
    Added,
    Bootstrapped,
    CacheExported,
    CacheFetched,
    CacheImported,
    Created,
    DoctorReport,
    Fetched,
    Held,
    Initialized,
    Installed,
    McpServer,
    Plugged,
    Ran,
    RegistryAdded,
    RegistryBuilt,
    RegistryDiff,
    RegistryInitialized,
    RegistryRemoved,
    Removed,
    Repaired,
    RepairedPlugin,
    ScriptEnded,
    SearchResult,
    ServerCommand,
    SetUp,
    Shown,
    StatusReport,
    UndoPlan,
    Undone,
    UndonePlugin,
    UpgradePlan,
    Upgraded,
    Validation,
    Verification,
    Watched
);

impl Outcome for CacheReport {}
impl Outcome for Outdated {}
impl Outcome for Readme {}
impl Outcome for Source {}
impl Outcome for Vec<AgentStatus> {}
impl Outcome for Vec<ConfiguredRegistry> {}
impl Outcome for Vec<HistoryEntry> {}
impl Outcome for Vec<Listed> {}
impl Outcome for Vec<Plug> {}
impl Outcome for Vec<SchemaDocument> {}

impl<T: Outcome> Outcome for Report<T> {
    /// A warning about a plugin goes to the plugin's outcome, any other to the report itself.
    fn add_warnings(&mut self, warnings: Vec<Warning>) {
        for warning in warnings {
            let is_about = |line: &&mut Line<T>| {
                let plugin = warning.plugin.as_deref();
                plugin == Some(line.directory.as_str())
            };
            let own = match self.plugins.iter_mut().find(is_about) {
                Some(line) => match &mut line.result {
                    LineResult::Done { outcome } => outcome.warnings(),
                    LineResult::Skipped { .. } | LineResult::Failed { .. } => None,
                },
                None => None,
            };
            add(own.unwrap_or(&mut self.warnings), warning);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::name::PluginDir;
    use crate::outcome::Skip;

    fn line(directory: &str, result: LineResult<Ran>) -> Line<Ran> {
        Line {
            directory: PluginDir::new(directory).unwrap(),
            name: directory.to_owned(),
            result,
        }
    }

    #[test]
    fn each_warning_is_once_where_it_belongs() {
        let outcome = Ran {
            commands: Vec::new(),
            warnings: vec!["known".to_owned()],
        };
        let reason = Skip::NoCommand;
        let mut report = Report {
            plugins: vec![
                line("done", LineResult::Done { outcome }),
                line("skipped", LineResult::Skipped { reason }),
            ],
            warnings: Vec::new(),
        };
        let warnings = Warnings::default();
        for (plugin, text) in [
            (Some("done"), "known"),
            (Some("done"), "new"),
            (Some("done"), "new"),
            (Some("skipped"), "of the skipped one"),
            (Some("gone"), "of one without a line"),
            (None, "of the home"),
        ] {
            for level in [Level::Warning, Level::Info] {
                warnings.keep(&Event::Message {
                    level,
                    plugin: plugin.map(str::to_owned),
                    text: match level {
                        Level::Warning => text.to_owned(),
                        Level::Info => "no warning".to_owned(),
                    },
                });
            }
        }
        report.add_warnings(warnings.take());
        assert_eq!(
            report.warnings,
            ["of the skipped one", "of one without a line", "of the home"]
        );
        let LineResult::Done { outcome } = &report.plugins[0].result else {
            panic!("it was done");
        };
        assert_eq!(outcome.warnings, ["known", "new"]);
    }
}
