//! URLs of git repositories: what may be asked for, and when two of them are the same.

mod address;
mod canonical;
mod page;
pub(crate) mod pasted;
mod path;
mod redact;
mod scp;

use std::fmt;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::shorthand::website;
use crate::text::escape;
use address::{Address, Credentials, Style, Unusable};
pub(crate) use redact::redact;
pub(crate) use scp::Scp;

/// How a repository is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `http://`
    Http,
    /// `https://`, and the shorthand `host.tld/path`.
    Https,
    /// `ssh://`, and the forms `host:path` and `user@host:path`.
    Ssh,
    /// `file://`
    File,
}

/// The URL of a git repository, free of credentials and of anything that git would take for an
/// option or a remote helper.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GitUrl {
    address: Address,
    full: String,
    canonical: String,
}

impl GitUrl {
    /// Reads a URL: `https://`, `http://`, `file://`, `ssh://`, the short form of ssh
    /// (`user@host:path`, `host:path`, with brackets around a port or an IPv6 address), or the
    /// shorthand `host.tld/path`. A user name alone in an https URL is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`]: empty, control characters, a leading `-` in URL, user, host or
    /// path, a remote helper, a protocol that is not allowed, an empty host, a path with empty, `.`
    /// or `..` segments in any spelling, credentials, a page of a website.
    pub fn parse(typed: &str) -> Result<Self> {
        let address = Address::read(typed, Credentials::Refuse).map_err(|unusable| {
            let unusable = match pasted::help(typed) {
                Some(help) => unusable.with_help(help),
                None => unusable,
            };
            unusable_error(typed, unusable)
        })?;
        if page::is_certainly_a_page(&address) {
            let help = page::help(&address);
            let why = "it is the address of a web page or ends in a version".to_owned();
            return Err(unusable_error(typed, Unusable::Invalid(why, help)));
        }
        Self::of_address(typed, address)
    }

    /// Makes the URL of a directory of the user's, whose absolute path may go back and forth.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`].
    pub(crate) fn of_path(path: &str) -> Result<Self> {
        let mut names: Vec<&str> = Vec::new();
        for name in path.split('/') {
            match name {
                "" | "." => {}
                ".." => drop(names.pop()),
                name => names.push(name),
            }
        }
        let names = names.join("/").replace('%', "%25").replace(' ', "%20");
        Self::parse(&format!("file:///{names}"))
    }

    /// Reads a URL that is in a manifest already: credentials are dropped, and what only a user can
    /// be asked about is left alone.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`], as for [`GitUrl::parse`].
    pub(crate) fn parse_stored(text: &str) -> Result<Self> {
        let address = Address::read(text, Credentials::Drop)
            .map_err(|unusable| unusable_error(text, unusable))?;
        Self::of_address(text, address)
    }

    fn of_address(typed: &str, address: Address) -> Result<Self> {
        let path = match address.path.strip_prefix('/') {
            Some(path) => path,
            None if address.style == Style::Scp => &address.path,
            None => "",
        };
        path::check(path).map_err(|why| unusable_error(typed, why.into()))?;
        Ok(GitUrl {
            full: address.for_git(),
            canonical: canonical::of(&address),
            address,
        })
    }

    /// Returns the URL as it was typed, without credentials: what the manifest keeps.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.address.typed
    }

    /// Returns the URL as git gets it: the shorthand has become `https://`, scheme and host are in
    /// small letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// Returns how the repository is reached.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.address.protocol
    }

    /// Returns the form by which repositories are compared: `host[:port]/path` without scheme,
    /// user, default port, `.git` and closing slash; the host in small letters, and the path too on
    /// the known hosts that ignore its case; each escape in one spelling. `file://` stays.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.canonical.clone()
    }

    /// Returns the shortest trust prefix that covers this repository: its canonical form, with the
    /// scheme where a prefix without one would not do (http).
    #[must_use]
    pub fn trust_prefix(&self) -> String {
        match self.protocol() {
            Protocol::Http => format!("http://{}", self.canonical),
            Protocol::Https | Protocol::Ssh | Protocol::File => self.canonical.clone(),
        }
    }
}

/// A beginning of URLs, by which a user trusts repositories: `github.com/my-org/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UrlPrefix {
    canonical: String,
    protocol: Protocol,
}

impl UrlPrefix {
    /// Reads a prefix: any form of a URL, its path shorter or missing.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`].
    pub(crate) fn parse(typed: &str) -> Result<Self> {
        let wrong = |error: &dyn fmt::Display| {
            Error::new(
                ErrorKind::InvalidArgument,
                format!("the trust prefix cannot be used: {error}"),
            )
        };
        let address = Address::read(typed, Credentials::Refuse)
            .map_err(|unusable| wrong(&unusable_error(typed, unusable)))?;
        let is_host =
            address.protocol != Protocol::File && matches!(address.path.as_str(), "" | "/");
        if is_host {
            return Ok(UrlPrefix {
                canonical: canonical::of(&address),
                protocol: address.protocol,
            });
        }
        let url = GitUrl::of_address(typed, address).map_err(|error| wrong(&error))?;
        Ok(UrlPrefix {
            protocol: url.protocol(),
            canonical: url.canonical,
        })
    }

    /// Returns true if the URL begins with the prefix, whole segments compared, and is reached by a
    /// protocol that is at least as safe: https and ssh prove who the server is, http does not, and
    /// a file is somebody else's matter.
    pub(crate) fn covers(&self, url: &GitUrl) -> bool {
        let is_safe = |protocol| matches!(protocol, Protocol::Https | Protocol::Ssh);
        let same_kind =
            self.protocol == url.protocol() || (is_safe(self.protocol) && is_safe(url.protocol()));
        let rest = url.canonical.strip_prefix(self.canonical.as_str());
        same_kind && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(&self.full))
    }
}

impl Serialize for GitUrl {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(self.as_typed())
    }
}

/// Returns true for what [`GitUrl::parse`] is the reader of, valid or not: it has a scheme, is
/// `host:path`, `helper::address` or `host.tld/path`. The short names of websites (`gh:org/repo`)
/// and a port without a domain (`localhost:3000/x`) are nothing that git knows.
#[must_use]
pub(crate) fn looks_like_url(typed: &str) -> bool {
    if typed.contains("://") || address::is_remote_helper(typed) {
        return true;
    }
    let host = typed.split(['/', ':']).next().unwrap_or(typed);
    if typed
        .split_once('/')
        .is_some_and(|(_, path)| !path.is_empty())
        && is_domain(host)
    {
        return true;
    }
    match Scp::split(typed) {
        Some(scp) if scp.user.is_some() || typed.starts_with('[') => true,
        Some(scp) if address::has_port(typed) => is_domain(scp.host),
        Some(scp) => {
            let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
            let is_host = scp.host.len() > 1 && scp.host.chars().all(fits);
            let is_path = !scp.path.is_empty() && !scp.path.contains(char::is_whitespace);
            is_host && is_path && website(scp.host).is_none()
        }
        None => false,
    }
}

fn is_domain(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or(host);
    host.contains('.')
        && !host.starts_with('.')
        && host.rsplit('.').next().is_some_and(|tld| tld.len() >= 2)
}

fn unusable_error(typed: &str, unusable: Unusable) -> Error {
    match unusable {
        Unusable::Credentials(host) => Error::new(
            ErrorKind::SourceInvalid,
            format!("the URL for `{}` carries credentials", escape(&host)),
        )
        .with_help("remove them and use a git credential helper"),
        Unusable::Invalid(why, help) => {
            let shown = escape(&redact::redact_unread(typed));
            let error = Error::new(
                ErrorKind::SourceInvalid,
                format!("`{shown}` is not a usable git URL: {why}"),
            );
            match help {
                Some(help) => error.with_help(help),
                None => error,
            }
        }
    }
}

#[cfg(test)]
mod tests;
