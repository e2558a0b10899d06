//! A scenario: what there is, what is called, and what is expected.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::world::World;

/// A scenario of `tests/conformance/scenarios/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// A fact about behaviour.
    pub name: String,
    pub steps: Vec<Step>,
    /// Files of the sandbox afterwards: the text, `~ part of it`, or null if there is no such file.
    #[serde(default)]
    pub files: BTreeMap<String, Option<String>>,
    /// Faces that cannot run it, each with the reason.
    #[serde(default)]
    pub skip: BTreeMap<String, String>,
}

/// A change of the surroundings, or a call with what is expected of it.
#[derive(Debug, Clone, Default, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// Makes or changes a git repository with a plugin in `.atk/`.
    pub tool: Option<Plugin>,
    /// Makes or changes a plugin in the working directory.
    pub local: Option<Plugin>,
    /// Makes or changes a plugin of the registry.
    pub registry: Option<Plugin>,
    /// A shell script, in the working directory.
    pub sh: Option<String>,

    /// The operation.
    pub call: Option<String>,
    /// Its arguments and options, by their names in `api.json`.
    #[serde(rename = "with")]
    pub given: Map<String, Value>,
    /// Options of the handle.
    pub home: Map<String, Value>,
    /// Answers of the host by the ids of prompts: a text, true, false, or null for the default.
    /// Without any, the host answers no question.
    pub replies: Option<Map<String, Value>>,
    /// The host cancels at the first event of this type, or at the first `prompt`.
    pub cancel_at: Option<String>,

    /// The error, or as much of it as matters.
    pub error: Option<Value>,
    /// The outcome, or as much of it as matters.
    pub outcome: Option<Value>,
    /// The types of events, in order; others may come between them.
    pub events: Option<Vec<String>>,
    /// The ids of the questions that are asked, in order: all of them.
    pub prompts: Option<Vec<String>>,
    /// A part of each warning of the outcome, in order.
    pub warnings: Option<Vec<String>>,
}

/// A plugin as its author writes it.
#[derive(Debug, Clone, Default, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plugin {
    pub name: String,
    /// Further lines of `plugin.yaml`.
    pub more: String,
    /// More files. A name that ends in `.sh` is executable.
    pub files: BTreeMap<String, String>,
}

/// What a driver is asked to do.
#[derive(Debug, serde::Serialize)]
pub struct Call {
    pub home: String,
    pub options: Map<String, Value>,
    pub call: String,
    #[serde(rename = "with")]
    pub given: Map<String, Value>,
    pub replies: Option<Map<String, Value>>,
    pub cancel_at: Option<String>,
}

impl Call {
    pub(super) fn new(step: &Step, world: &World) -> Call {
        let mut options = world.options();
        options.extend(step.home.clone());
        Call {
            home: world.home(),
            options,
            call: step.call.clone().unwrap_or_default(),
            given: step.given.clone(),
            replies: step.replies.clone(),
            cancel_at: step.cancel_at.clone(),
        }
    }
}

impl Scenario {
    /// Reads all scenarios, in the order of their files.
    ///
    /// # Panics
    /// If one cannot be read, or two have the same name.
    #[must_use]
    pub fn all(directory: &Path) -> Vec<Scenario> {
        let files = fs::read_dir(directory).expect("read the directory of scenarios");
        let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        files.sort();
        let mut scenarios = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).expect("read a file of scenarios");
            let read: Vec<Scenario> = serde_yaml::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            scenarios.extend(read);
        }
        let mut names: Vec<_> = scenarios.iter().map(|one| one.name.as_str()).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
        assert!(twice.is_none(), "two scenarios are called {twice:?}");
        scenarios
    }

    /// The calls of the scenario.
    pub fn calls(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.call.is_some())
    }
}
