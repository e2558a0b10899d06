//! Registries: plugins with an index.

use std::fmt::Write as _;
use std::ops::Deref;
use std::path::Path;

use super::{Repository, Tree};

/// A repository with `index.yaml`, which every commit writes anew.
///
/// ```no_run
/// # use atk_tests::repository::Registry;
/// # let root = std::path::Path::new("root");
/// let mut registry = Registry::new(root, "registry");
/// registry.plugin("echo", |files| files.definition("Echo", "").exec("install.sh", "true\n"));
/// let pin = registry.commit("Add echo");
/// ```
#[derive(Debug)]
pub struct Registry {
    repository: Repository,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    name: String,
    path: String,
    description: String,
}

impl Registry {
    /// Makes the registry `<root>/<name>`, without any commit.
    #[must_use]
    pub fn new(root: &Path, name: &str) -> Registry {
        Registry {
            repository: Repository::new(root, name),
            entries: Vec::new(),
        }
    }

    /// Adds a plugin at `plugins/<name>`, or writes more files into the one that is there.
    pub fn plugin(&mut self, name: &str, files: impl FnOnce(Tree) -> Tree) -> &mut Registry {
        let path = format!("plugins/{name}");
        files(self.repository.tree(&path));
        if !self.entries.iter().any(|entry| entry.name == name) {
            self.entry(name, &path, &format!("The plugin {name}"));
        }
        self
    }

    /// Adds a line to the index alone, whatever it says.
    pub fn entry(&mut self, name: &str, path: &str, description: &str) -> &mut Registry {
        self.entries.push(Entry {
            name: name.to_owned(),
            path: path.to_owned(),
            description: description.to_owned(),
        });
        self
    }

    /// Removes a plugin's files and its line of the index.
    pub fn remove(&mut self, name: &str) -> &mut Registry {
        self.repository.tree("plugins").remove(name);
        self.entries.retain(|entry| entry.name != name);
        self
    }

    /// Gives a plugin another name and path.
    pub fn rename(&mut self, from: &str, to: &str) -> &mut Registry {
        self.repository.tree("plugins").rename(from, to);
        for entry in self.entries.iter_mut().filter(|entry| entry.name == from) {
            entry.name = to.to_owned();
            entry.path = format!("plugins/{to}");
        }
        self
    }

    /// Moves a plugin to another directory of the registry.
    pub fn place(&mut self, name: &str, path: &str) -> &mut Registry {
        for entry in self.entries.iter_mut().filter(|entry| entry.name == name) {
            self.repository.tree("").rename(&entry.path, path);
            path.clone_into(&mut entry.path);
        }
        self
    }

    /// Removes a plugin's line of the index alone.
    pub fn delist(&mut self, name: &str) -> &mut Registry {
        self.entries.retain(|entry| entry.name != name);
        self
    }

    /// Commits plugins and index; returns the commit's id.
    pub fn commit(&self, message: &str) -> String {
        let mut index = "schema_version: '2026-01-23'\nplugins:\n".to_owned();
        for Entry {
            name,
            path,
            description,
        } in &self.entries
        {
            // JSON strings are YAML strings, whatever is in them.
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let (name, path, description) = (quoted(name), quoted(path), quoted(description));
            writeln!(
                index,
                "- name: {name}\n  path: {path}\n  description: {description}"
            )
            .expect("write to a string");
        }
        if self.entries.is_empty() {
            index = index.replace("plugins:\n", "plugins: []\n");
        }
        self.repository.tree("").file("index.yaml", index);
        self.repository.commit(message)
    }
}

impl Deref for Registry {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.repository
    }
}
