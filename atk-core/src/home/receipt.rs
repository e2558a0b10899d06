//! Receipts: which files ATK put into a plugin directory.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use super::HomeDir;
use super::change::{Access, Change};
use super::path::HomePath;
use super::scratch::Scratch;
use super::transaction::Transaction;
use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;

/// The list of files that ATK put into a plugin directory, as they were then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// The commit that the files are from; none for a local plugin.
    #[serde(with = "pin")]
    pub(crate) pin: Option<Pin>,
    /// The id of their tree in the source's repository; none for a local plugin.
    pub(crate) tree: Option<String>,
    /// The files and links, in the order of their paths.
    pub(crate) files: Vec<ReceiptFile>,
}

/// A file or link of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReceiptFile {
    /// Relative to the plugin directory, with `/`.
    pub(crate) path: String,
    pub(crate) kind: FileKind,
    /// The id of the content (of a link: of its target) as a git blob.
    pub(crate) blob: String,
}

/// The kinds of files that a receipt lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileKind {
    File,
    Executable,
    Link,
}

/// The form of a receipt on the disk.
#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    #[serde(flatten)]
    receipt: Receipt,
}

const VERSION: u32 = 1;

impl HomeDir {
    /// The receipt of a plugin. None, too, if it cannot be read, is of a newer version, or is
    /// not of the files that lie there, by their stamp: another tool has replaced them since. Then
    /// nothing is known of the files.
    pub(crate) fn receipt(&self, plugin: &PluginDir) -> Option<Receipt> {
        let stamp = self.stamp(plugin);
        self.noted_receipt(plugin)
            .filter(|receipt| stamp.is_none() || stamp == receipt.pin)
    }

    /// The receipt of a plugin, whatever its stamp says.
    pub(crate) fn noted_receipt(&self, plugin: &PluginDir) -> Option<Receipt> {
        let path = path(plugin);
        let bytes = self.read(&path).ok().flatten()?;
        let document: Document = serde_json::from_slice(&bytes).ok()?;
        let Document { version, receipt } = document;
        let safe = receipt
            .files
            .iter()
            .all(|file| HomePath::new(&file.path).is_ok());
        (version == VERSION && safe).then_some(receipt)
    }
}

impl Transaction<'_> {
    /// Writes a plugin's receipt.
    pub(crate) fn write_receipt(&mut self, plugin: &PluginDir, receipt: &Receipt) -> Result<()> {
        let document = Document {
            version: VERSION,
            receipt: receipt.clone(),
        };
        let mut bytes = serde_json::to_vec(&document).map_err(|error| {
            Error::new(ErrorKind::Internal, "cannot write a receipt").with_cause(error)
        })?;
        bytes.push(b'\n');
        let path = path(plugin);
        self.plan(|planner| {
            planner.make_parents(&path)?;
            planner.add(Change::Write {
                path: &path,
                bytes: &bytes,
                access: Access::Shared,
            })
        })
    }

    /// Removes a plugin's receipt, if it has one.
    pub(crate) fn remove_receipt(&mut self, plugin: &PluginDir) -> Result<()> {
        let path = path(plugin);
        match self.identity(&path)? {
            Some(_) => self.remove(&path),
            None => Ok(()),
        }
    }
}

fn path(plugin: &PluginDir) -> HomePath {
    Scratch::receipts_path().child(&OsString::from(format!("{plugin}.json")))
}

/// A pin as text; [`Pin`] has no way in but its check.
mod pin {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Pin;

    pub(super) fn serialize<S: Serializer>(pin: &Option<Pin>, s: S) -> Result<S::Ok, S::Error> {
        pin.serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Pin>, D::Error> {
        Option::<String>::deserialize(d)?
            .map(|text| Pin::new(&text).map_err(serde::de::Error::custom))
            .transpose()
    }
}
