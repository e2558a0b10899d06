//! A source, as the manifest records it.

use serde::Serialize;

use crate::model::manifest::{EntrySource, EntryUrl};
use crate::model::pin::Pin;
use crate::model::revision::RefName;
use crate::model::source::SourceKind;
use crate::model::versions::Followed;

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
    /// The branch or tag that upgrades follow; null if they follow the default branch.
    pub track: Option<RefName>,
    /// True if upgrades leave the plugin at its commit.
    pub held: bool,
    /// True if another tool has moved the plugin to its commit since `track` and `held` were set.
    pub moved: bool,
}

impl SourceInfo {
    /// A source, and what is followed of it.
    pub(crate) fn of(source: &EntrySource, followed: &Followed) -> Self {
        SourceInfo {
            track: followed.track.clone(),
            held: followed.held,
            moved: followed.is_moved(source.pin.as_ref()),
            kind: source.kind,
            pin: source.pin.clone(),
            url: source.url.as_ref().map(EntryUrl::as_typed),
        }
    }
}
