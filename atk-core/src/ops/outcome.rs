//! What operations take and return: owned data that every face passes on as it is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::env::EnvFile;
use crate::model::manifest::EntrySource;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;

mod browse;
mod change;
mod service;
mod upgrade;

pub use crate::model::repository::RepositoryStatus;
pub use crate::model::source::SourceKind;
pub use browse::{Found, McpConfig, McpServer, Readme};
pub use change::{Installed, Push, Removed, SetUp, Upgraded};
pub use service::{
    PortStatus, Ran, RunState, ScriptEnded, ServiceStatus, StatusReport, UnknownReason,
};
pub use upgrade::{CommandChange, FileChanges, UpgradePlan};

/// Which commit of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum At {
    /// The newest commit of its default branch.
    #[default]
    Latest,
    /// This commit.
    Pin(Pin),
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Pin::deserialize(from).map(At::Pin)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for At {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "At".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

/// Answers that are given beforehand; they are used before the host is asked.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Answers {
    /// By the id of the question (`env:github:TOKEN`, `trust:github`); `yes` and `no` for those
    /// that want it.
    pub by_id: BTreeMap<String, String>,
    /// Values of variables, by name.
    pub env: BTreeMap<String, String>,
    /// URL prefixes of the sources that are trusted, compared on canonical URLs
    /// (`github.com/my-org/`); `*` for all.
    pub trust: Vec<String>,
    /// Yes to every question that is answered by yes or no.
    pub yes: bool,
}

impl std::fmt::Debug for Answers {
    /// Shows no values: they may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers")
            .field("yes", &self.yes)
            .finish_non_exhaustive()
    }
}

impl Answers {
    /// Adds the values of a file in the format of `.env`, read as a plugin's `.env` is. They
    /// replace what [`Answers::env`] holds under the same names.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is not UTF-8. The message shows nothing of it.
    pub fn add_env_file(&mut self, bytes: &[u8]) -> Result<()> {
        let file = EnvFile::parse(bytes).map_err(|error| {
            Error::new(
                ErrorKind::InvalidArgument,
                "the file of variables is not UTF-8",
            )
            .with_cause(error)
        })?;
        self.env.extend(file.iter());
        Ok(())
    }
}

/// The outcome of `init`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Initialized {
    /// The home.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub home: PathBuf,
    /// False if it was a home already.
    pub created: bool,
    /// What deserves attention.
    pub warnings: Vec<String>,
}

/// A source, as the manifest records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SourceInfo {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: SourceKind,
    /// The commit it is fixed to; none for local plugins.
    pub pin: Option<Pin>,
    /// Its URL; for git sources only.
    pub url: Option<String>,
}

impl SourceInfo {
    pub(crate) fn of(source: &EntrySource) -> Self {
        SourceInfo {
            kind: source.kind,
            pin: source.pin.clone(),
            url: source
                .url
                .as_ref()
                .map(|url| url.url().as_typed().to_owned()),
        }
    }
}

/// The outcome of `fetch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Fetched {
    /// Where the files are.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The commit they are from; none for local sources.
    pub pin: Option<Pin>,
    /// The id of their tree in the source's repository; none for local sources.
    pub tree: Option<String>,
    /// The plugin definition.
    pub definition: crate::model::plugin::Definition,
    /// The files, relative to `path`, with `/`, in order.
    pub files: Vec<String>,
    /// What was left out or looks wrong.
    pub warnings: Vec<String>,
}

/// The outcome of `add`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Added {
    /// The plugin's display name.
    pub name: String,
    /// The plugin's directory under `plugins/`.
    pub directory: PluginDir,
    /// Its absolute path.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// Where it came from.
    pub source: SourceInfo,
    /// How many files were put in place.
    pub files: usize,
    /// True if the plugin has an `install` command, which has then been run.
    pub installed: bool,
    /// The commit in the home's repository; none if the home does not commit by itself.
    pub commit: Option<Pin>,
    /// Where the commit was pushed, or why not; null if the home does not push by itself.
    pub push: Option<Push>,
    /// What deserves attention.
    pub warnings: Vec<String>,
}

/// What is on disk of a plugin of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Its files, at the pin.
    Ready,
    /// Nothing, or nothing but what is the user's.
    Missing,
    /// Files of another commit than the pin.
    Outdated,
    /// Files in a directory that the manifest has no entry of; its source is then given as local.
    /// Only a list has this state.
    Leftover,
}

/// A plugin of the manifest, as `list` shows it; or what is left of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Listed {
    /// Its display name.
    pub name: String,
    /// Its directory under `plugins/`.
    pub directory: PluginDir,
    /// Where it comes from.
    pub source: SourceInfo,
    /// What is on disk.
    pub state: State,
}

/// What the object cache holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CacheReport {
    /// Its directory.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// Bytes on disk, of all entries.
    pub bytes: u64,
    /// Its repositories, the last used first.
    pub entries: Vec<CacheEntry>,
}

/// A repository of the object cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CacheEntry {
    /// The URL whose objects it holds.
    pub url: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// When it was last used, in seconds since 1970.
    pub last_used: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_from_a_file_as_a_plugin_s_own_are() {
        let mut answers = Answers::default();
        answers.env.insert("A".into(), "old".into());
        answers
            .add_env_file(b"# comment\nexport A='new one'\nB=${A}!\nC\n")
            .unwrap();
        let values: Vec<_> = answers.env.iter().collect();
        let expected = [("A", "new one"), ("B", "new one!")].map(|(a, b)| (a.into(), b.into()));
        assert_eq!(
            values,
            expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>()
        );
        let error = answers.add_env_file(b"D=secret\xff").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(!format!("{error:?}").contains("secret"));
    }
}
