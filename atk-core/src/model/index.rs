//! The registry's index, `index.yaml`: which plugins there are, and where.
//!
//! An index may be large and comes from outside. It is read once, as a whole; an entry is checked
//! when it is used, so that one bad entry spoils no other.

mod read;

use serde::{Deserialize, Serialize};

use super::name::PluginDir;
use super::suggest::nearest;
use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// How large an index may be, in bytes.
pub(crate) const LARGEST: usize = 64 << 20;

/// An index. It can be kept as JSON, which is read ten times as fast as YAML.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    /// The date that names the format's version; empty where the index has none.
    pub(crate) schema_version: String,
    /// The plugins, in the order of the file.
    pub(crate) plugins: Vec<Entry>,
}

/// A plugin of the registry, as the index has it: nothing is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    path: String,
    pub(crate) description: String,
}

impl Index {
    /// Reads the bytes of an `index.yaml`. Unknown keys are ignored; an entry without a name, a
    /// path or a description has an empty one.
    ///
    /// # Errors
    /// [`ErrorKind::RegistryInvalid`]: too large, not YAML, not an index.
    pub(crate) fn read(yaml: &[u8]) -> Result<Index> {
        if yaml.len() > LARGEST {
            return Err(Error::new(
                ErrorKind::RegistryInvalid,
                format!(
                    "the registry's `index.yaml` has {} bytes, {LARGEST} are allowed",
                    yaml.len()
                ),
            ));
        }
        read::index(yaml).map_err(|error| {
            Error::new(
                ErrorKind::RegistryInvalid,
                format!(
                    "the registry's `index.yaml` cannot be read: {}",
                    escape(&error.to_string())
                ),
            )
            .with_cause(error)
        })
    }

    /// The plugin of this name, exactly.
    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        if name.is_empty() {
            return None;
        }
        self.plugins.iter().find(|entry| entry.name == name)
    }

    /// The plugin that an installed one came from: the entry whose name becomes its directory.
    /// Where several do, the one that is called like the directory comes first.
    pub(crate) fn find_directory(&self, dir: &PluginDir) -> Option<&Entry> {
        self.find(dir.as_str()).or_else(|| {
            self.plugins.iter().find(|entry| {
                PluginDir::from_display_name(&entry.name).is_ok_and(|named| named == *dir)
            })
        })
    }

    /// The name that is nearest to one that is not there, if one is near.
    pub(crate) fn suggest(&self, name: &str) -> Option<&str> {
        nearest(name, self.plugins.iter().map(|entry| entry.name.as_str()))
    }
}

impl Entry {
    /// The path of the plugin's directory in the registry: names joined by `/`, each of which can
    /// be looked up in a tree.
    ///
    /// # Errors
    /// [`ErrorKind::RegistryInvalid`] where it is empty, absolute, leaves the registry, or has
    /// backslashes, control characters or `.git` in it.
    pub(crate) fn path(&self) -> Result<String> {
        match check_path(&self.path) {
            Ok(path) => Ok(path),
            Err(why) => Err(Error::new(
                ErrorKind::RegistryInvalid,
                format!(
                    "the registry's entry `{}` has the path `{}`, which {why}",
                    escape(&self.name),
                    escape(&self.path)
                ),
            )
            .with_plugin(&self.name)
            .with_path(&self.path)),
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
        return Err("names no directory of it");
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
