//! The URL of a git plugin, as the manifest keeps it.

use std::fmt;

use crate::error::{Error, ErrorKind, Result};
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
    /// [`ErrorKind::SourceInvalid`], as for [`GitUrl::parse`]; credentials alone are no error.
    pub(crate) fn parse(on_disk: &str) -> Result<Self> {
        let url = match (GitUrl::parse(on_disk), without_credentials(on_disk)) {
            (Ok(url), _) => url,
            (Err(_), Some(clean)) => GitUrl::parse(&clean)?,
            (Err(_), None) if on_disk.contains('@') => {
                return Err(Error::new(
                    ErrorKind::SourceInvalid,
                    "the URL cannot be used; it is not shown, because it may carry credentials",
                ));
            }
            (Err(error), None) => return Err(error),
        };
        Ok(EntryUrl {
            on_disk: on_disk.to_owned(),
            url,
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

/// Takes user and password out of a URL; a user alone stays where it belongs to the address (ssh).
/// `None` where there are none, or where what is left would mean something else.
fn without_credentials(typed: &str) -> Option<String> {
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, typed),
    };
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let (user, host) = authority.rsplit_once('@')?;
    let port = host.split_once(':').map_or("", |(_, port)| port);
    let is_user = !user.starts_with('-') && !user.contains("::");
    if !is_user || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        // A remote helper, an option, or `user@host:path`.
        return None;
    }
    let ssh = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("ssh"));
    let user = match user.split(':').next() {
        Some(user) if ssh => format!("{user}@"),
        _ => String::new(),
    };
    let scheme = scheme.map_or_else(String::new, |scheme| format!("{scheme}://"));
    Some(format!("{scheme}{user}{host}{path}"))
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
            "foo://me:secret@h.org/x",
        ] {
            let error = EntryUrl::parse(wrong).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
