//! The outcomes of the operations on the object cache.

use std::path::PathBuf;

use serde::Serialize;

use crate::model::name::PluginDir;
use crate::model::pin::Pin;

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
    /// What the home's trash holds, the newest first; empty if there is no home.
    pub trash: Vec<TrashEntry>,
}

/// The `.env` of a removed plugin, which the home keeps for 30 days so that the removal can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TrashEntry {
    /// The directory that the plugin had.
    pub directory: PluginDir,
    /// When it was removed, in seconds since 1970.
    pub time: i64,
    /// Bytes of the file.
    pub bytes: u64,
    /// The absolute path of the file; its mode is 0600.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
}

/// A repository of the object cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CacheEntry {
    /// The repository whose objects it holds, in the form in which ATK compares repositories:
    /// `github.com/org/tool`, without a scheme; or `file:///srv/tool`.
    pub url: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// When it was last used, in seconds since 1970.
    pub last_used: u64,
}

/// A plugin whose files are in the object cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CacheFetched {
    /// The commit that the manifest has for it.
    pub pin: Pin,
    /// How many files it has there.
    pub files: usize,
    /// What the caller may want to know.
    pub warnings: Vec<String>,
}

/// A file that has what the object cache holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CacheExported {
    /// Its absolute path; its mode is 0600.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// Its size, in bytes.
    pub bytes: u64,
    /// The repositories that are in it, by their URLs. Their sizes are those in the cache.
    pub entries: Vec<CacheEntry>,
    /// What the caller may want to know.
    pub warnings: Vec<String>,
}

/// What was added to the object cache from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CacheImported {
    /// The absolute path of the file.
    #[serde(serialize_with = "crate::error::path_as_text")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub path: PathBuf,
    /// The repositories that are in it, by their URLs, as the cache has them now.
    pub entries: Vec<CacheEntry>,
    /// What the caller may want to know.
    pub warnings: Vec<String>,
}
