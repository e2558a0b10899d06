//! Removes credentials from text that is shown.

/// Replaces what stands between `://` and `@` in every URL of a text by `***`.
#[must_use]
pub(crate) fn redact(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        shown.push_str(before);
        let end = after
            .find(|c: char| c == '/' || c.is_whitespace() || c == '\'' || c == '"')
            .unwrap_or(after.len());
        if let Some(user_end) = after[..end].rfind('@') {
            shown.push_str("***");
            rest = &after[user_end..];
        } else {
            rest = after;
        }
    }
    shown.push_str(rest);
    shown
}

/// Returns a URL that could not be read, without what may be a password: everything between a
/// colon and the last `@` behind it, unless the colon ends a host (`host:8080/x@y`,
/// `git@host:org/x@y`).
pub(super) fn redact_unread(url: &str) -> String {
    let (scheme, rest) = match url.find("://") {
        Some(at) => url.split_at(at + 3),
        None => ("", url),
    };
    let (Some(colon), Some(first), Some(last)) = (rest.find(':'), rest.find('@'), rest.rfind('@'))
    else {
        return url.to_owned();
    };
    let after = rest[colon + 1..]
        .split(['/', '@'])
        .next()
        .unwrap_or_default();
    let ends_at_slash = rest[colon + 1 + after.len()..].starts_with('/');
    let is_port = ends_at_slash && after.bytes().all(|byte| byte.is_ascii_digit());
    if first < colon || is_port {
        return url.to_owned();
    }
    format!("{scheme}***{}", &rest[last..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_disappear_from_text() {
        assert_eq!(
            redact("fatal: 'https://me:pw@h/x' and ssh://git@h:22/y"),
            "fatal: 'https://***@h/x' and ssh://***@h:22/y"
        );
    }

    #[test]
    fn a_url_that_cannot_be_read_shows_no_password() {
        for (url, shown) in [
            ("https://me:p/w@h/../x", "https://***@h/../x"),
            ("me:pw@h/../x", "***@h/../x"),
            ("me:pw@h:x", "***@h:x"),
            ("git@h:org/../x@1", "git@h:org/../x@1"),
            ("https://h:8443/../x@1", "https://h:8443/../x@1"),
            ("https://h/../x", "https://h/../x"),
        ] {
            assert_eq!(redact_unread(url), shown);
        }
    }
}
