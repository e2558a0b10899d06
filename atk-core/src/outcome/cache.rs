//! The outcome of `cache`.

use std::path::PathBuf;

use serde::Serialize;

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
    /// The repository whose objects it holds, in the form in which ATK compares repositories:
    /// `github.com/org/tool`, without a scheme; or `file:///srv/tool`.
    pub url: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// When it was last used, in seconds since 1970.
    pub last_used: u64,
}
