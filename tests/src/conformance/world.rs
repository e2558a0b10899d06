//! What is around a home: a sandbox, sources with their history, and names for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::scenario::{Plugin, Step};
use crate::repository::{Registry, Repository, Tree};
use crate::sandbox::{Sandbox, atk_binary};

/// The working directory, in the sandbox.
const DESK: &str = "desk";

/// The surroundings of one scenario in one face.
pub(super) struct World {
    pub(super) sandbox: Sandbox,
    tools: BTreeMap<String, Repository>,
    registry: Option<Registry>,
    /// `${name}` and what it stands for.
    names: BTreeMap<String, String>,
}

impl World {
    pub(super) fn new() -> World {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path(DESK)).expect("create the working directory");
        let root = sandbox.path("").display().to_string();
        let root = root.trim_end_matches('/').to_owned();
        let names = BTreeMap::from([("root".to_owned(), root)]);
        World {
            sandbox,
            tools: BTreeMap::new(),
            registry: None,
            names,
        }
    }

    pub(super) fn root(&self) -> &str {
        &self.names["root"]
    }

    pub(super) fn home(&self) -> String {
        self.sandbox.home().display().to_string()
    }

    /// The working directory.
    pub(super) fn desk(&self) -> PathBuf {
        self.sandbox.path(DESK)
    }

    /// The options of the handle that keep a face inside the sandbox.
    pub(super) fn options(&self) -> Map<String, Value> {
        let path = |name: &str| self.sandbox.path(name).display().to_string();
        let options = json!({
            "registry": self.registry_url(),
            "cache_dir": path("cache"),
            "base_dir": path(DESK),
            "user_home": path("user"),
            "atk": atk_binary(),
            "env": {"HOME": path("user"), "TMPDIR": path("tmp")},
        });
        options.as_object().cloned().unwrap_or_default()
    }

    pub(super) fn registry_url(&self) -> String {
        let none = || "http://127.0.0.1:9/registry".to_owned();
        self.registry
            .as_ref()
            .map_or_else(none, |registry| registry.file_url())
    }

    /// The step with every `${name}` replaced.
    pub(super) fn filled(&self, step: &Step) -> Step {
        let mut value = serde_json::to_value(step).expect("a step is JSON");
        fill(&mut value, &self.names);
        serde_json::from_value(value).expect("a step again")
    }

    /// Changes the surroundings.
    pub(super) fn change(&mut self, step: &Step) {
        if let Some(plugin) = &step.tool {
            self.tool(plugin);
        }
        if let Some(plugin) = &step.local {
            let directory = plugin.name.to_lowercase();
            let tree = self.sandbox.files(&format!("{DESK}/{directory}"));
            written(plugin, tree);
        }
        if let Some(plugin) = &step.registry {
            let root = self.sandbox.repos();
            let new = || Registry::new(&root, "registry");
            let registry = self.registry.get_or_insert_with(new);
            registry.plugin(&plugin.name.to_lowercase(), |tree| written(plugin, tree));
            let pin = registry.commit("Change the registry");
            self.names.insert("pin:registry".to_owned(), pin);
        }
        if let Some(script) = &step.sh {
            let mut shell = self.sandbox.program("/bin/sh");
            shell.current_dir(self.desk()).args(["-euc", script]);
            // Commits have the same ids in every face.
            for who in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
                shell.env(who, "1700000000 +0000");
            }
            self.sandbox.spawn(shell).wait().succeeds();
        }
    }

    fn tool(&mut self, plugin: &Plugin) {
        let name = plugin.name.to_lowercase();
        let root = self.sandbox.repos();
        let repository = self
            .tools
            .entry(name.clone())
            .or_insert_with(|| Repository::new(&root, &name));
        written(plugin, repository.tree(".atk"));
        let pin = repository.commit("Change the plugin");
        let old = self.names.insert(format!("pin:{name}"), pin);
        self.names
            .extend(old.map(|old| (format!("old:{name}"), old)));
        self.names
            .insert(format!("url:{name}"), repository.file_url());
    }

    /// Keeps what later steps refer to: the digests of plans, as `${plan}`, and the commits of a
    /// history, as `${commit:0}` for the newest.
    pub(super) fn remember(&mut self, lines: &[Value]) {
        let end = lines.last().unwrap_or(&Value::Null);
        let digest = end.pointer("/outcome/plugins/0/outcome/digest");
        if let Some(digest) = digest.and_then(Value::as_str) {
            self.names.insert("plan".to_owned(), digest.to_owned());
        }
        let entries = end.pointer("/outcome").and_then(Value::as_array);
        for (number, entry) in entries.into_iter().flatten().enumerate() {
            if let Some(commit) = entry["commit"].as_str() {
                self.names
                    .insert(format!("commit:{number}"), commit.to_owned());
            }
        }
    }

    /// What files are not as they should be.
    pub(super) fn check(&self, files: &BTreeMap<String, Option<String>>) -> Vec<String> {
        let wrong = |(path, wanted): (&String, &Option<String>)| {
            let found = fs::read_to_string(self.sandbox.path(path)).ok();
            let exists = self.sandbox.path(path).symlink_metadata().is_ok();
            match (wanted, found) {
                (None, _) if !exists => None,
                (None, _) => Some(format!("{path} is still there")),
                (Some(_), None) => Some(format!("{path} is missing")),
                (Some(wanted), Some(found)) => {
                    let mut wanted = Value::from(wanted.clone());
                    fill(&mut wanted, &self.names);
                    let wanted = wanted.as_str().unwrap_or_default();
                    (!matches(wanted, &found)).then(|| format!("{path} is:\n{found}"))
                }
            }
        };
        files.iter().filter_map(wrong).collect()
    }
}

/// Compares a text with what is expected: the text, or `~ ` and a part of it.
pub(super) fn matches(wanted: &str, found: &str) -> bool {
    wanted
        .strip_prefix("~ ")
        .map_or(wanted == found, |part| found.contains(part))
}

fn written(plugin: &Plugin, tree: Tree) -> Tree {
    let tree = tree.definition(&plugin.name, &plugin.more);
    plugin
        .files
        .iter()
        .fold(tree, |tree, (path, text)| match path.ends_with(".sh") {
            true => tree.exec(path, text),
            false => tree.file(path, text),
        })
}

fn fill(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            for (name, meaning) in names {
                *text = text.replace(&format!("${{{name}}}"), meaning);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| fill(value, names)),
        Value::Object(fields) => fields.values_mut().for_each(|value| fill(value, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
