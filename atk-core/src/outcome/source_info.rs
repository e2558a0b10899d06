//! A source, as the manifest records it.

use serde::Serialize;

use crate::model::manifest::{EntrySource, EntryUrl};
use crate::model::pin::Pin;
use crate::model::source::SourceKind;

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
    /// Its URL, with `//` and a directory if the plugin is in a directory of the repository; for git
    /// sources only.
    pub url: Option<String>,
}

impl SourceInfo {
    pub(crate) fn of(source: &EntrySource) -> Self {
        SourceInfo {
            kind: source.kind,
            pin: source.pin.clone(),
            url: source.url.as_ref().map(EntryUrl::as_typed),
        }
    }
}
