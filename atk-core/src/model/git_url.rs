//! URLs of git repositories: what may be asked for, and when two of them are the same.

use std::fmt;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// How a repository is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `http://`
    Http,
    /// `https://`, and the shorthand `host.tld/path`.
    Https,
    /// `ssh://`, and the form `user@host:path`.
    Ssh,
    /// `file://`
    File,
}

/// The URL of a git repository, free of credentials and of anything that git would take for an
/// option or a remote helper.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GitUrl {
    typed: String,
    full: String,
    protocol: Protocol,
}

impl GitUrl {
    /// Reads a URL: `https://`, `http://`, `file://`, `ssh://`, `user@host:path`, or the
    /// shorthand `host.tld/path`.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`]: empty, control characters, a leading `-` in URL, host or
    /// path, a remote helper, a protocol that is not allowed, an empty host, credentials.
    pub fn parse(typed: &str) -> Result<Self> {
        if typed.is_empty() {
            return Err(invalid(typed, "it is empty"));
        }
        if typed.chars().any(|c| c.is_control() || c == ' ') {
            return Err(invalid(typed, "it has control characters or blanks"));
        }
        if typed.starts_with('-') {
            return Err(invalid(typed, "it starts with `-`"));
        }
        if let Some((scheme, rest)) = typed.split_once("://") {
            return Self::with_scheme(typed, scheme, rest);
        }
        if typed.contains("::") {
            return Err(invalid(typed, "remote helpers are not allowed"));
        }
        if let Some((host, path)) = scp_form(typed) {
            check_host(typed, host)?;
            check_path(typed, path)?;
            return Ok(GitUrl {
                typed: typed.to_owned(),
                full: typed.to_owned(),
                protocol: Protocol::Ssh,
            });
        }
        Self::with_scheme(typed, "https", typed).map(|url| GitUrl {
            full: format!("https://{typed}"),
            ..url
        })
    }

    fn with_scheme(typed: &str, scheme: &str, rest: &str) -> Result<Self> {
        let protocol = match scheme.to_ascii_lowercase().as_str() {
            "https" => Protocol::Https,
            "http" => Protocol::Http,
            "ssh" => Protocol::Ssh,
            "file" => Protocol::File,
            _ => return Err(invalid(typed, "only https, http, ssh and file are allowed")),
        };
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, ""),
        };
        match protocol {
            Protocol::File if !matches!(authority, "" | "localhost") => {
                return Err(invalid(typed, "a file URL has no host"));
            }
            Protocol::File => {}
            Protocol::Http | Protocol::Https if authority.contains('@') => {
                return Err(credentials(rest));
            }
            Protocol::Ssh
                if authority.split('@').next().is_some_and(|u| u.contains(':'))
                    && authority.contains('@') =>
            {
                return Err(credentials(rest));
            }
            Protocol::Http | Protocol::Https | Protocol::Ssh => check_host(typed, authority)?,
        }
        check_path(typed, path.trim_start_matches('/'))?;
        Ok(GitUrl {
            typed: typed.to_owned(),
            full: typed.to_owned(),
            protocol,
        })
    }

    /// The URL as it was typed, which is what the manifest keeps.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// The URL as git gets it: the shorthand has become `https://`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// How the repository is reached.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The form by which URLs are compared: `host[:port]/path`, the host in lower case, without
    /// scheme, user, default port, `.git` and trailing slashes. `file://` stays.
    #[must_use]
    pub fn canonical(&self) -> String {
        let (authority, path) = self.parts();
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        if self.protocol == Protocol::File {
            return format!("file:///{path}");
        }
        let host = authority.rsplit('@').next().unwrap_or(authority);
        let host = host.to_ascii_lowercase();
        let default_port = match self.protocol {
            Protocol::Http => ":80",
            Protocol::Https => ":443",
            Protocol::Ssh | Protocol::File => ":22",
        };
        let host = host.strip_suffix(default_port).unwrap_or(&host);
        format!("{host}/{path}")
    }

    /// Authority (user, host, port) and path. The path of a `user@host:path` URL is as given.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        match self.full.split_once("://") {
            Some((_, rest)) => match rest.find('/') {
                Some(slash) => rest.split_at(slash),
                None => (rest, ""),
            },
            None => self.full.split_once(':').unwrap_or((&self.full, "")),
        }
    }
}

impl fmt::Display for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(&self.full))
    }
}

impl Serialize for GitUrl {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(&self.typed)
    }
}

/// True for what [`GitUrl::parse`] is the reader of, valid or not: it has a scheme, or is
/// `user@host:path`, `helper::address` or `host.tld/path`.
#[must_use]
pub(crate) fn looks_like_url(typed: &str) -> bool {
    if typed.contains("://") || typed.contains("::") || scp_form(typed).is_some() {
        return true;
    }
    typed.split_once('/').is_some_and(|(host, path)| {
        let name = host.split(':').next().unwrap_or(host);
        !path.is_empty()
            && name.contains('.')
            && !name.starts_with('.')
            && name.rsplit('.').next().is_some_and(|tld| tld.len() >= 2)
    })
}

/// `user@host:path`, the form that ssh's copy program gave its name to.
fn scp_form(typed: &str) -> Option<(&str, &str)> {
    let (before, path) = typed.split_once(':')?;
    let is_host = before.contains('@') && !before.contains('/');
    is_host.then_some((before, path))
}

fn check_host(typed: &str, authority: &str) -> Result<()> {
    let (user, host) = authority.split_once('@').unwrap_or(("git", authority));
    if user.is_empty() || user.starts_with('-') || host.starts_with('-') {
        return Err(invalid(typed, "user or host starts with `-` or is empty"));
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name.is_empty() {
        return Err(invalid(typed, "it has no host"));
    }
    if !host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b) || b >= 0x80)
    {
        return Err(invalid(typed, "its host has characters that no host has"));
    }
    Ok(())
}

fn check_path(typed: &str, path: &str) -> Result<()> {
    if path.trim_matches('/').is_empty() {
        return Err(invalid(typed, "it has no path"));
    }
    if path.starts_with('-') {
        return Err(invalid(typed, "its path starts with `-`"));
    }
    Ok(())
}

fn invalid(typed: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::SourceInvalid,
        format!(
            "`{}` is not a git URL that can be used: {why}",
            escape(&redact(typed))
        ),
    )
}

fn credentials(rest: &str) -> Error {
    let host = rest.split('/').next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host);
    Error::new(
        ErrorKind::SourceInvalid,
        format!("the URL for `{}` carries credentials", escape(host)),
    )
    .with_help("leave them out and use a git credential helper")
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_repository_has_one_canonical_form() {
        for url in [
            "github.com/org/tool",
            "https://github.com/org/tool.git",
            "https://GitHub.com:443/org/tool/",
            "ssh://git@github.com/org/tool",
            "git@github.com:org/tool.git",
            "http://github.com:80/org/tool",
        ] {
            let url = GitUrl::parse(url).unwrap();
            assert_eq!(url.canonical(), "github.com/org/tool", "{url}");
        }
        let file = GitUrl::parse("file:///srv/git/x.git/").unwrap();
        assert_eq!(file.canonical(), "file:///srv/git/x");
    }

    #[test]
    fn what_git_would_take_for_something_else_is_refused() {
        for url in [
            "",
            "-x",
            "ext::sh -c x",
            "ext::sh",
            "fd::3/x",
            "foo://host/x",
            "https:///x",
            "ssh://-oProxyCommand=x/y",
            "-oProxy@host:x",
            "git@-host:x",
            "git@host:-x",
            "https://host/-x",
            "https://host/\u{7}x",
            "https://",
            "https://host",
            "file://host/x",
            "https://user:secret@host/x",
            "https://token@host/x",
            "ssh://u:p@host/x",
        ] {
            let error = GitUrl::parse(url).expect_err(url);
            assert_eq!(error.kind(), ErrorKind::SourceInvalid, "{url}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn credentials_disappear_from_text() {
        assert_eq!(
            redact("fatal: 'https://me:pw@h/x' and ssh://git@h:22/y"),
            "fatal: 'https://***@h/x' and ssh://***@h:22/y"
        );
    }
}
