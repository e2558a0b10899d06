//! The servers that have a repository: its own, and mirrors.

use crate::error::Error;
use crate::model::git_url::GitUrl;

/// The servers of a repository, and which of them is asked.
pub(crate) struct Servers {
    /// The repository's URL, then its mirrors.
    pub(crate) urls: Vec<GitUrl>,
    pub(crate) at: usize,
    /// Why each server before that one cannot be used.
    pub(crate) failed: Vec<Error>,
    /// True once the caller was told which mirror is used.
    pub(crate) told: bool,
    /// True if only the repository's own server says what its refs point to.
    pub(crate) own_refs_only: bool,
}

impl Servers {
    pub(crate) fn new(url: &GitUrl, mirrors: &[GitUrl]) -> Self {
        Servers {
            urls: std::iter::once(url).chain(mirrors).cloned().collect(),
            at: 0,
            failed: Vec::new(),
            told: false,
            own_refs_only: false,
        }
    }

    /// The URL that is asked.
    pub(crate) fn current(&self) -> &GitUrl {
        &self.urls[self.at]
    }

    /// True if that is a mirror.
    pub(crate) fn is_mirror(&self) -> bool {
        self.at > 0
    }
}
