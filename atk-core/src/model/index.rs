//! The registry's index, `index.yaml`: which plugins there are, and where.
//!
//! An index may be large and comes from outside. It is read once, as a whole; an entry is checked
//! when it is used, so that one bad entry spoils no other.

mod events;
mod read;
mod write;

use serde::{Deserialize, Serialize};

use super::limits::INDEX_ENTRIES;
use super::name::PluginDir;
use super::suggest::nearest;
use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

pub(crate) use write::write;

/// An index. It can be kept as JSON, which is read ten times as fast as YAML.
///
/// All texts lie in one string, because an index of 64 MiB may have a million of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    /// The date that names the format's version; empty if the index has none.
    schema_version: String,
    text: String,
    /// Where name, path and description of each plugin end in `text`, in the order of the file.
    /// Each text begins where the one before it ends.
    ends: Vec<[u32; 3]>,
}

/// The fields of the file, as `read` wants them.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
pub(crate) struct IndexFile {
    /// The date that names the format's version.
    #[expect(dead_code, reason = "it describes the file")]
    schema_version: Option<String>,
    /// The plugins, in the order of their names.
    #[expect(dead_code, reason = "it describes the file")]
    plugins: Vec<IndexPlugin>,
}

/// A plugin of a registry.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
struct IndexPlugin {
    /// The name that users type.
    #[expect(dead_code, reason = "it describes the file")]
    name: String,
    /// The plugin's directory in the repository, with `/`.
    #[expect(dead_code, reason = "it describes the file")]
    path: String,
    /// One line about it, which searches look at too.
    #[expect(dead_code, reason = "it describes the file")]
    description: String,
}

/// A plugin of the registry, as the index has it: nothing is checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct IndexEntry<'i> {
    pub(crate) name: &'i str,
    path: &'i str,
    pub(crate) description: &'i str,
}

impl Index {
    /// Adds a plugin; false if there are too many.
    fn push(&mut self, name: &str, path: &str, description: &str) -> bool {
        let mut end = |part: &str| {
            self.text.push_str(part);
            u32::try_from(self.text.len()).unwrap_or(u32::MAX)
        };
        let ends = [end(name), end(path), end(description)];
        self.ends.push(ends);
        self.ends.len() <= INDEX_ENTRIES
    }

    /// The plugins, in the order of the file.
    pub(crate) fn entries(&self) -> impl Iterator<Item = IndexEntry<'_>> {
        let mut at = 0;
        self.ends.iter().map(move |ends| {
            // A kept index may be damaged: what is not there is empty.
            let mut next = |end: u32| {
                let range = at..end as usize;
                at = end as usize;
                self.text.get(range).unwrap_or_default()
            };
            let &[name, path, description] = ends;
            IndexEntry {
                name: next(name),
                path: next(path),
                description: next(description),
            }
        })
    }

    /// The plugin of this name, exactly.
    pub(crate) fn find(&self, name: &str) -> Option<IndexEntry<'_>> {
        if name.is_empty() {
            return None;
        }
        self.entries().find(|entry| entry.name == name)
    }

    /// The plugin in this directory of the registry.
    pub(crate) fn find_path(&self, path: &str) -> Option<IndexEntry<'_>> {
        let is_at = |entry: &IndexEntry<'_>| check_path(entry.path).is_ok_and(|at| at == path);
        self.entries().find(is_at)
    }

    /// The plugin that an installed one came from: the entry whose name becomes its directory.
    /// Where several do, the one that is called like the directory comes first.
    pub(crate) fn find_directory(&self, dir: &PluginDir) -> Option<IndexEntry<'_>> {
        self.find(dir.as_str()).or_else(|| {
            self.entries().find(|entry| {
                PluginDir::from_display_name(entry.name).is_ok_and(|named| named == *dir)
            })
        })
    }

    /// The name that is nearest to one that is not there, if one is near.
    pub(crate) fn suggest(&self, name: &str) -> Option<&str> {
        nearest(name, self.entries().map(|entry| entry.name))
    }
}

impl IndexEntry<'_> {
    /// The path of the plugin's directory in the registry: names joined by `/`, each of which can
    /// be looked up in a tree.
    ///
    /// # Errors
    /// [`ErrorKind::RegistryInvalid`] if it is empty, absolute, leaves the registry, or has
    /// backslashes, control characters or `.git` in it.
    pub(crate) fn path(&self) -> Result<String> {
        match check_path(self.path) {
            Ok(path) => Ok(path),
            Err(why) => Err(Error::new(
                ErrorKind::RegistryInvalid,
                format!(
                    "the registry's entry `{}` has the path `{}`, which {why}",
                    escape(self.name),
                    escape(self.path)
                ),
            )
            .with_plugin(self.name)
            .with_path(self.path)),
        }
    }
}

fn check_path(path: &str) -> Result<String, &'static str> {
    if path.is_empty() {
        return Err("is empty");
    }
    if path.chars().any(char::is_control) {
        return Err("has control characters");
    }
    if path.contains('\\') {
        return Err("has backslashes");
    }
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || drive {
        return Err("is absolute");
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err("leaves the registry"),
            part if is_dot_git(part) => return Err("leads into `.git`"),
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return Err("does not name a directory in the registry");
    }
    Ok(parts.join("/"))
}

/// True for `.git` in any spelling that Windows and macOS take for it: other case, blanks and
/// dots behind it, the short name, characters that HFS+ leaves out.
fn is_dot_git(part: &str) -> bool {
    let visible: String = part.chars().filter(|c| !is_left_out_by_hfs(*c)).collect();
    let stream = visible.split(':').next().unwrap_or_default();
    let name = stream.trim_end_matches([' ', '.']).to_ascii_lowercase();
    name == ".git" || name == "git~1"
}

fn is_left_out_by_hfs(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
