//! The ledger: what ATK wrote into the files of agents.
//!
//! A change of a file is recorded before it is made, and again when it is made. A process that is
//! killed in between leaves a record that is pending; the file says whether the change was made.

mod skill;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::edit::Trace;
use super::entry::Form;
use crate::error::{Error, ErrorKind, Result};
pub(crate) use skill::{LedgerSkill, PendingSkill, PlacedSkill};

const VERSION: u32 = 1;

/// What ATK wrote into the files of agents, by file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ledger {
    version: u32,
    pub(crate) files: Vec<LedgerFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) skills: Vec<LedgerSkill>,
}

/// A file of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerFile {
    pub(crate) path: PathBuf,
    /// True if ATK created the file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) created: bool,
    /// True if ATK began the file with the text that a new one needs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) headed: bool,
    /// The directories that ATK created for it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) directories: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) trace: Trace,
    pub(crate) entries: Vec<LedgerEntry>,
}

/// An entry that ATK wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerEntry {
    /// Its name in the file.
    pub(crate) name: String,
    /// The id of the agent that it was written for.
    pub(crate) agent: String,
    /// The plugin's directory.
    pub(crate) plugin: String,
    /// The plugin's pin when it was written; none for a local plugin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pin: Option<String>,
    /// The directory of the project that it is for; none for the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<PathBuf>,
    pub(crate) form: Form,
    /// When it was written, in seconds since 1970.
    pub(crate) time: u64,
    /// The digest of the entry as it was written; none before it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) digest: Option<String>,
    /// The change that is being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<Pending>,
}

/// A change of a file that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pending {
    /// An entry of this digest is being written; the file then has this trace.
    Writing { digest: String, trace: Trace },
    /// The entry is being removed.
    Removing,
}

impl Default for Ledger {
    fn default() -> Self {
        Ledger {
            version: VERSION,
            files: Vec::new(),
            skills: Vec::new(),
        }
    }
}

impl Ledger {
    /// Reads the ledger's bytes.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`] if it cannot be parsed, or is of a newer version: then nothing is
    /// known of what is whose.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Ledger> {
        let invalid = |why: String| {
            let message = format!("the list of what ATK wrote into agents' files {why}");
            Error::new(ErrorKind::HomeInvalid, message).with_path(".git/atk/plugs.json")
        };
        let ledger: Ledger = serde_json::from_slice(bytes)
            .map_err(|error| invalid(format!("cannot be read: {error}")))?;
        match ledger.version {
            VERSION => Ok(ledger),
            version => Err(invalid(format!("is of the newer version {version}"))),
        }
    }

    /// The ledger's bytes.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| {
            Error::new(ErrorKind::Internal, "cannot write the ledger").with_cause(error)
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The record of a file.
    pub(crate) fn file(&self, path: &Path) -> Option<&LedgerFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The record of a file; a new one for a file without a record.
    pub(crate) fn file_mut(&mut self, path: &Path) -> &mut LedgerFile {
        let at = match self.files.iter().position(|file| file.path == path) {
            Some(at) => at,
            None => {
                self.files.push(LedgerFile::new(path));
                self.files.len() - 1
            }
        };
        &mut self.files[at]
    }

    /// Replaces the record of a file; without one it is removed.
    pub(crate) fn replace(&mut self, path: &Path, file: Option<LedgerFile>) {
        self.files.retain(|known| known.path != path);
        self.files
            .extend(file.filter(|file| !file.entries.is_empty()));
        self.files.sort_by(|one, other| one.path.cmp(&other.path));
    }

    /// The record of the skill at a path.
    pub(crate) fn skill(&self, path: &Path) -> Option<&LedgerSkill> {
        self.skills.iter().find(|skill| skill.path == path)
    }

    /// Replaces the record of the skill at a path; without one it is removed.
    pub(crate) fn replace_skill(&mut self, path: &Path, skill: Option<LedgerSkill>) {
        self.skills.retain(|known| known.path != path);
        self.skills.extend(skill);
        self.skills.sort_by(|one, other| one.path.cmp(&other.path));
    }

    /// The directories of all plugins that something was written for.
    pub(crate) fn plugins(&self) -> std::collections::BTreeSet<&str> {
        let entries = self.entries().map(|(_, entry)| entry.plugin.as_str());
        let skills = self.skills.iter().map(|skill| skill.plugin.as_str());
        entries.chain(skills).collect()
    }

    /// Every entry, with its file.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&LedgerFile, &LedgerEntry)> {
        let files = self.files.iter();
        files.flat_map(|file| file.entries.iter().map(move |entry| (file, entry)))
    }
}

impl LedgerFile {
    pub(crate) fn new(path: &Path) -> LedgerFile {
        LedgerFile {
            path: path.to_owned(),
            created: false,
            headed: false,
            directories: Vec::new(),
            trace: Trace::default(),
            entries: Vec::new(),
        }
    }

    /// The entry of a name.
    pub(crate) fn entry(&self, name: &str) -> Option<&LedgerEntry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// Replaces the entry of its name.
    pub(crate) fn put(&mut self, entry: LedgerEntry) {
        match self.entries.iter_mut().find(|one| one.name == entry.name) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }

    /// Records a change of an entry, before it is made.
    pub(crate) fn begin(&mut self, mut entry: LedgerEntry, pending: Pending) {
        entry.pending = Some(pending);
        self.put(entry);
    }

    /// Settles the pending changes of the file. `found` returns the digest of the entry that is in
    /// the file now; `None` if it has none.
    pub(crate) fn settle(&mut self, found: impl Fn(&LedgerEntry) -> Option<String>) {
        let mut trace = None;
        self.entries.retain_mut(|entry| {
            let Some(pending) = entry.pending.take() else {
                return true;
            };
            let now = found(entry);
            match pending {
                Pending::Writing {
                    digest,
                    trace: written,
                } if now.as_ref() == Some(&digest) => {
                    entry.digest = Some(digest);
                    trace = Some(written);
                    true
                }
                // It was not written: the record is what it was before, if there was one.
                Pending::Writing { .. } => entry.digest.is_some(),
                Pending::Removing => now.is_some(),
            }
        });
        if let Some(trace) = trace {
            self.trace = trace;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(digest: Option<&str>, pending: Option<Pending>) -> LedgerEntry {
        LedgerEntry {
            name: "tool".into(),
            agent: "claude".into(),
            plugin: "tool".into(),
            pin: None,
            project: None,
            form: Form::Exec,
            time: 1,
            digest: digest.map(str::to_owned),
            pending,
        }
    }

    fn writing(digest: &str) -> Option<Pending> {
        Some(Pending::Writing {
            digest: digest.into(),
            trace: Trace::default(),
        })
    }

    #[test]
    fn what_is_pending_is_settled_by_what_is_in_the_file() {
        let settled = |digest: Option<&str>, pending, now: Option<&str>| {
            let mut file = LedgerFile::new(Path::new("/x"));
            file.entries.push(entry(digest, pending));
            file.settle(|_| now.map(str::to_owned));
            assert!(file.entries.iter().all(|entry| entry.pending.is_none()));
            file.entries.pop().map(|entry| entry.digest.unwrap())
        };
        let of = |text: &str| Some(text.to_owned());
        // A new entry: written, or not.
        assert_eq!(settled(None, writing("new"), Some("new")), of("new"));
        assert_eq!(settled(None, writing("new"), None), None);
        assert_eq!(settled(None, writing("new"), Some("foreign")), None);
        // One that is replaced.
        assert_eq!(settled(Some("old"), writing("new"), Some("new")), of("new"));
        assert_eq!(settled(Some("old"), writing("new"), Some("old")), of("old"));
        assert_eq!(settled(Some("old"), writing("new"), None), of("old"));
        // One that is removed.
        let removing = || Some(Pending::Removing);
        assert_eq!(settled(Some("old"), removing(), None), None);
        assert_eq!(settled(Some("old"), removing(), Some("old")), of("old"));
        assert_eq!(settled(Some("old"), None, None), of("old"));
    }

    #[test]
    fn a_ledger_reads_back_and_one_of_a_newer_version_is_refused() {
        let mut ledger = Ledger::default();
        let file = ledger.file_mut(Path::new("/a/b.json"));
        file.begin(entry(None, None), writing("x").unwrap());
        let bytes = ledger.to_bytes().unwrap();
        assert_eq!(Ledger::parse(&bytes).unwrap(), ledger);
        let newer = String::from_utf8(bytes)
            .unwrap()
            .replace("\"version\": 1", "\"version\": 2");
        let error = Ledger::parse(newer.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HomeInvalid);
        assert!(Ledger::parse(b"{").is_err());
    }
}
