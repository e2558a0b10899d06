//! What adding entries changed around them.

use serde::{Deserialize, Serialize};

/// What adding entries to a file changed around them, so that the file can be as it was once they
/// are gone: which objects, lists and documents were created, and what stood in empty ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trace {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    containers: Vec<Container>,
}

/// What was at a path before an entry was added below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Container {
    /// Keys; none for the document itself.
    path: Vec<String>,
    before: Before,
}

/// What a container was before it held an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Before {
    /// It did not exist.
    Absent,
    /// It had no entry, only this text: spaces, line ends and comments.
    Empty(String),
    /// The file had no document, only this text.
    NoDocument(String),
}

impl Trace {
    /// Adds what a later change of the same file recorded.
    pub(crate) fn add(&mut self, later: Trace) {
        for container in later.containers {
            self.record(container.path, container.before);
        }
    }

    /// None of the containers of a path exists, but for those at the first keys.
    pub(super) fn all_absent(&mut self, path: &[&str], depth: usize) {
        for length in depth + 1..=path.len() {
            let path = path.get(..length).unwrap_or(path);
            self.record(owned(path), Before::Absent);
        }
    }

    pub(super) fn empty(&mut self, path: &[&str], text: &str) {
        self.record(owned(path), Before::Empty(text.to_owned()));
    }

    pub(super) fn no_document(&mut self, text: &str) {
        self.record(Vec::new(), Before::NoDocument(text.to_owned()));
    }

    /// What the container at a path was before.
    pub(super) fn before(&self, path: &[&str]) -> Option<&Before> {
        let container = self.containers.iter().find(|known| known.path == path);
        container.map(|container| &container.before)
    }

    /// A container is only recorded while it holds nothing, so the later record is the true one.
    fn record(&mut self, path: Vec<String>, before: Before) {
        self.containers.retain(|known| known.path != path);
        self.containers.push(Container { path, before });
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|&key| key.to_owned()).collect()
}
