//! What there is to know about the home's repository.

use serde::Serialize;

use super::pin::Pin;

/// The state of the home's repository, as far as it is known without the network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RepositoryStatus {
    /// The branch; null if HEAD is detached.
    pub branch: Option<String>,
    /// The newest commit; null before the first one.
    pub commit: Option<Pin>,
    /// The first line of its message.
    pub subject: Option<String>,
    /// When it was made, in seconds since 1970.
    pub committed_at: Option<i64>,
    /// The name of the remote that the branch is pushed to; null if there is no remote.
    pub remote: Option<String>,
    /// The URL of the remote, without credentials.
    pub url: Option<String>,
    /// The branch of the remote that the branch follows (`origin/main`); null if it follows none.
    pub upstream: Option<String>,
    /// How many commits have not been pushed; null if that is not known.
    pub ahead: Option<usize>,
    /// How many commits of the remote, as last fetched, are not in the branch; null if that is
    /// not known.
    pub behind: Option<usize>,
    /// How many files and new directories have changes that are not committed.
    pub changed: usize,
    /// The first 100 of them, below the home.
    pub changes: Vec<String>,
}

impl RepositoryStatus {
    /// How many changed paths are listed.
    const LISTED: usize = 100;

    /// Adds a changed path.
    pub(crate) fn add_change(&mut self, path: &[u8]) {
        self.changed += 1;
        if self.changes.len() < Self::LISTED {
            self.changes
                .push(String::from_utf8_lossy(path).into_owned());
        }
    }
}
