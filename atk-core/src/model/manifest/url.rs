//! The URL of a git plugin, as the manifest keeps it.

use std::fmt;

use crate::error::Result;
use crate::model::git_url::GitUrl;
use crate::model::source_text::SourceText;
use crate::model::subdir::Subdir;

/// The URL of a git plugin.
///
/// The Python tool stores credentials that were typed into a URL. Such a manifest stays readable
/// and the file keeps them, but they go nowhere else: what is used and shown is the URL without
/// them, and the user's git finds its own.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EntryUrl {
    on_disk: String,
    url: GitUrl,
    subdir: Option<Subdir>,
}

impl EntryUrl {
    /// Reads a URL of a manifest.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`](crate::ErrorKind::SourceInvalid), as for [`GitUrl::parse`]; credentials alone are no error.
    pub(crate) fn parse(on_disk: &str) -> Result<Self> {
        let text = SourceText::of_stored(on_disk);
        Ok(EntryUrl {
            url: GitUrl::parse_stored(text.base)?,
            subdir: text.subdir.map(Subdir::parse).transpose()?,
            on_disk: on_disk.to_owned(),
        })
    }

    /// The URL of a repository, and the directory of the plugin in it.
    pub(crate) fn new(url: &GitUrl, subdir: Option<&Subdir>) -> Self {
        EntryUrl {
            on_disk: with_subdir(url, subdir),
            url: url.clone(),
            subdir: subdir.cloned(),
        }
    }

    /// The URL to use and to show; it never carries credentials.
    pub(crate) fn url(&self) -> &GitUrl {
        &self.url
    }

    /// The directory of the plugin in the repository; none for its root.
    pub(crate) fn subdir(&self) -> Option<&Subdir> {
        self.subdir.as_ref()
    }

    /// The directory in a registry with a name, if the plugin came from it: such a plugin is recorded with the
    /// registry's URL and its directory there.
    pub(crate) fn dir_in_registry(&self, registry: &GitUrl) -> Option<&Subdir> {
        self.subdir()
            .filter(|_| self.url.canonical() == registry.canonical())
    }

    /// The URL to show, with the directory: what a user would type.
    pub(crate) fn as_typed(&self) -> String {
        with_subdir(&self.url, self.subdir.as_ref())
    }

    /// What the file says. For writing it back only: it may carry credentials.
    pub(super) fn on_disk(&self) -> &str {
        &self.on_disk
    }
}

fn with_subdir(url: &GitUrl, subdir: Option<&Subdir>) -> String {
    match subdir {
        Some(subdir) => format!("{}//{}", url.as_typed(), subdir.as_str()),
        None => url.as_typed().to_owned(),
    }
}

impl fmt::Debug for EntryUrl {
    /// Shows no credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_typed(), f)
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
