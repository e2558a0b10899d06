//! The short form of ssh addresses, which git shares with `scp`: `user@host:path`.

/// An address in short form, split as git splits it and not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scp<'t> {
    pub(crate) user: Option<&'t str>,
    /// A host name, an IPv6 address without brackets, or a `Host` of the user's ssh configuration.
    pub(crate) host: &'t str,
    pub(crate) port: Option<&'t str>,
    /// Relative to the directory in which the server starts, unless it begins with `/`.
    pub(crate) path: &'t str,
}

impl<'t> Scp<'t> {
    /// Splits `host:path`, `user@host:path`, `user@[host:port]:path`, `[user@host:port]:path` and
    /// `user@[::1]:path`. Returns None for anything else: a slash before the colon makes it a path.
    pub(crate) fn split(text: &'t str) -> Option<Self> {
        let (authority, path) = split_authority(text)?;
        if authority.is_empty() || authority.contains('/') || path.starts_with(':') {
            return None;
        }
        // Git accepts the user on either side of the bracket.
        let (outer_user, host) = match authority.starts_with('[') {
            true => (None, authority),
            false => split_user(authority),
        };
        let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) else {
            return Some(Scp {
                user: outer_user,
                host,
                port: None,
                path,
            });
        };
        let (inner_user, inner) = split_user(inner);
        // More than one colon is an IPv6 address, which has no place for a port here.
        let (host, port) = match inner.split_once(':') {
            Some((host, port)) if !port.contains(':') => (host, Some(port)),
            Some(_) | None => (inner, None),
        };
        Some(Scp {
            user: outer_user.or(inner_user),
            host,
            port,
            path,
        })
    }
}

/// Splits at the first colon that is not in brackets.
fn split_authority(text: &str) -> Option<(&str, &str)> {
    let open = text.find('[').filter(|&open| {
        let before = &text[..open];
        before.is_empty() || (before.ends_with('@') && !before.contains([':', '/']))
    });
    let Some(open) = open else {
        return text.split_once(':');
    };
    let close = open + text[open..].find(']')?;
    let path = text[close..].strip_prefix("]:")?;
    Some((&text[..=close], path))
}

fn split_user(text: &str) -> (Option<&str>, &str) {
    match text.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_split_as_git_splits_them() {
        for (text, user, host, port, path) in [
            ("host:x", None, "host", None, "x"),
            ("git.corp.com:team/x", None, "git.corp.com", None, "team/x"),
            ("git@host:/srv/x", Some("git"), "host", None, "/srv/x"),
            ("git@[::1]:x", Some("git"), "::1", None, "x"),
            ("[::1]:x", None, "::1", None, "x"),
            ("git@[host:22]:x", Some("git"), "host", Some("22"), "x"),
            ("[git@host:22]:x", Some("git"), "host", Some("22"), "x"),
            ("[host]:x", None, "host", None, "x"),
            ("host:a[1]:b", None, "host", None, "a[1]:b"),
            ("me@corp@host:x", Some("me@corp"), "host", None, "x"),
        ] {
            let expected = Scp {
                user,
                host,
                port,
                path,
            };
            assert_eq!(Scp::split(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn paths_and_remote_helpers_are_not_short_forms() {
        for text in ["/srv/x:y", "a/b:c", "ext::sh", "x", ":x", "[::1]", "[::1]x"] {
            assert_eq!(Scp::split(text), None, "{text}");
        }
    }
}
