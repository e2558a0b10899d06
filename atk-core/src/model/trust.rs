//! Which sources a user trusted beforehand.

use crate::error::Result;
use crate::model::git_url::{GitUrl, UrlPrefix};

/// URL prefixes of trusted sources, compared on canonical URLs; `*` trusts every source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TrustList {
    all: bool,
    prefixes: Vec<UrlPrefix>,
}

impl TrustList {
    /// Reads prefixes as a user writes them: with or without scheme, user, `.git`. Empty ones
    /// count for nothing.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a prefix that could
    /// not cover anything, or that could lead elsewhere (`github.com/org/../`).
    pub(crate) fn new(prefixes: &[String]) -> Result<Self> {
        let mut list = TrustList::default();
        for prefix in prefixes.iter().map(|prefix| prefix.trim()) {
            match prefix {
                "" => {}
                "*" => list.all = true,
                _ => list.prefixes.push(UrlPrefix::parse(prefix)?),
            }
        }
        Ok(list)
    }

    /// Returns true if a prefix covers the URL. A prefix ends at a segment: `github.com/org` covers
    /// `github.com/org/tool` and not `github.com/organised/tool`. Without a scheme, or with https
    /// or ssh, it covers https and ssh; http and files have to be named by their scheme.
    pub(crate) fn covers(&self, url: &GitUrl) -> bool {
        self.all || self.prefixes.iter().any(|prefix| prefix.covers(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn covers(prefix: &str, url: &str) -> bool {
        let list = TrustList::new(&[prefix.to_owned()]).unwrap();
        list.covers(&GitUrl::parse(url).unwrap())
    }

    #[test]
    fn a_prefix_covers_whole_segments_of_any_spelling() {
        for (prefix, url) in [
            ("github.com/my-org/", "https://github.com/my-org/tool.git"),
            ("github.com/my-org", "git@github.com:my-org/tool"),
            ("github.com/My-Org", "github.com/my-org/tool"),
            ("https://GitHub.com/", "github.com/any/thing"),
            ("github.com:443", "github.com/any/thing"),
            ("git@github.com:my-org/", "https://github.com/my-org/tool"),
            ("https://h.org/a/b.git", "h.org/a/b"),
            ("dev.azure.com/me", "git@ssh.dev.azure.com:v3/me/p/r"),
            (
                "git@ssh.dev.azure.com:v3/me",
                "https://me@dev.azure.com/me/p/_git/r",
            ),
            ("[::1]:3000/x", "https://[::1]:3000/x/y"),
            ("*", "file:///srv/x"),
            ("file:///srv", "file:///srv/x"),
            ("http://h.org:3000/", "http://h.org:3000/x"),
            (" github.com ", "github.com/a/b"),
        ] {
            assert!(covers(prefix, url), "{prefix} {url}");
        }
    }

    #[test]
    fn a_prefix_does_not_cover_a_neighbour_or_a_weaker_protocol() {
        for (prefix, url) in [
            ("github.com/my-org", "github.com/my-org-evil/tool"),
            ("github.com", "github.com.evil.org/tool/x"),
            ("github.com", "github.com:8443/a/b"),
            ("h.org/a", "http://h.org/a/b"),
            ("https://h.org/a", "http://h.org/a/b"),
            ("http://h.org/a", "https://h.org/a/b"),
            ("git@h.org:a", "http://h.org/a/b"),
            ("srv/git", "file:///srv/git/x"),
            ("h.org/a", "h.org/A/b"),
            ("", "github.com/a/b"),
        ] {
            assert!(!covers(prefix, url), "{prefix} {url}");
        }
    }

    #[test]
    fn a_prefix_that_could_lead_elsewhere_is_an_error() {
        for prefix in [
            "/",
            "https://",
            "github.com/my-org/..",
            "github.com/%2e%2e/x",
            "h.org//a",
            "-x",
            "ext::sh",
            "https://me:pw@h.org/",
        ] {
            let error = TrustList::new(&[prefix.to_owned()]).expect_err(prefix);
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{prefix}");
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }
}
