//! Which sources a user trusted beforehand.

use crate::model::git_url::GitUrl;

/// URL prefixes of trusted sources, compared on canonical URLs; `*` trusts every source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TrustList(Vec<String>);

impl TrustList {
    /// Reads prefixes as a user writes them: with or without scheme, user, `.git`.
    pub(crate) fn new(prefixes: &[String]) -> Self {
        TrustList(
            prefixes
                .iter()
                .map(|prefix| canonical_prefix(prefix))
                .collect(),
        )
    }

    /// True where one of the prefixes covers the URL, whole path parts compared: `github.com/org`
    /// covers `github.com/org/tool` and not `github.com/organised/tool`.
    pub(crate) fn covers(&self, url: &GitUrl) -> bool {
        let url = url.canonical();
        self.0.iter().any(|prefix| {
            prefix == "*"
                || (!prefix.is_empty()
                    && url
                        .strip_prefix(prefix.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        })
    }
}

fn canonical_prefix(prefix: &str) -> String {
    let prefix = prefix.trim();
    if prefix == "*" {
        return prefix.to_owned();
    }
    match GitUrl::parse(prefix) {
        Ok(url) => url.canonical(),
        // A host alone is no URL of a repository, but a fine prefix.
        Err(_) => {
            let host = prefix.split_once("://").map_or(prefix, |(_, rest)| rest);
            host.trim_end_matches('/').to_ascii_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_covers_whole_path_parts_of_any_spelling() {
        let covers = |prefix: &str, url: &str| {
            TrustList::new(&[prefix.to_owned()]).covers(&GitUrl::parse(url).unwrap())
        };
        assert!(covers(
            "github.com/my-org/",
            "https://github.com/my-org/tool.git"
        ));
        assert!(covers("github.com/my-org", "git@github.com:my-org/tool"));
        assert!(covers("https://GitHub.com/", "github.com/any/thing"));
        assert!(covers("https://h.org/a/b.git", "h.org/a/b"));
        assert!(covers("*", "file:///srv/x"));
        assert!(covers("file:///srv", "file:///srv/x"));
        assert!(!covers("github.com/my-org", "github.com/my-org-evil/tool"));
        assert!(!covers("github.com", "github.com.evil.org/tool/x"));
        assert!(!covers("", "github.com/a/b"));
        assert!(!covers("/", "github.com/a/b"));
        assert!(!covers("https://", "github.com/a/b"));
    }
}
