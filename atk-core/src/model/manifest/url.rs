//! The URL of a git plugin, as the manifest keeps it.

use std::fmt;

use crate::error::Result;
use crate::model::git_url::GitUrl;

/// The URL of a git plugin.
///
/// The Python tool stores credentials that were typed into a URL. Such a manifest stays readable
/// and the file keeps them, but they go nowhere else: what is used and shown is the URL without
/// them, and the user's git finds its own.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EntryUrl {
    on_disk: String,
    url: GitUrl,
}

impl EntryUrl {
    /// Reads a URL of a manifest.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`](crate::ErrorKind::SourceInvalid), as for [`GitUrl::parse`]; credentials alone are no error.
    pub(crate) fn parse(on_disk: &str) -> Result<Self> {
        Ok(EntryUrl {
            url: GitUrl::parse_stored(on_disk)?,
            on_disk: on_disk.to_owned(),
        })
    }

    /// The URL to use and to show; it never carries credentials.
    pub(crate) fn url(&self) -> &GitUrl {
        &self.url
    }

    /// What the file says. For writing it back only: it may carry credentials.
    pub(super) fn on_disk(&self) -> &str {
        &self.on_disk
    }
}

impl From<GitUrl> for EntryUrl {
    fn from(url: GitUrl) -> Self {
        EntryUrl {
            on_disk: url.as_typed().to_owned(),
            url,
        }
    }
}

impl fmt::Debug for EntryUrl {
    /// Shows no credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.url.as_typed(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_stay_in_the_file_and_are_never_used_or_shown() {
        for (on_disk, used) in [
            ("https://me:secret@h.org/x.git", "https://h.org/x.git"),
            ("https://secret@h.org:8443/x", "https://h.org:8443/x"),
            ("ssh://git:secret@h.org/x", "ssh://git@h.org/x"),
            ("me:secret@h.org/x", "h.org/x"),
        ] {
            let url = EntryUrl::parse(on_disk).unwrap();
            assert_eq!(url.url().as_typed(), used);
            assert_eq!(url.on_disk(), on_disk);
            assert!(!format!("{url:?}").contains("secret"));
        }
        for clean in ["h.org/x", "git@h.org:x", "ssh://git@h.org/x", "file:///x/y"] {
            let url = EntryUrl::parse(clean).unwrap();
            assert_eq!(url.on_disk(), url.url().as_typed());
        }
        for wrong in [
            "ext::me:secret@h.org/x",
            "-me:secret@h.org/x",
            "me:secret@h.org:x",
            "https://me:secret@h.org/a/../x",
            "https://me:a/secret@h.org/x",
            "foo://me:secret@h.org/x",
        ] {
            let error = EntryUrl::parse(wrong).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
