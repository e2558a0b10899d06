//! Beginnings of URLs, by which repositories are trusted.

use std::fmt;

use super::address::Address;
use super::canonical;
use super::protocol::Protocol;
use super::reader::Credentials;
use super::unusable::unusable_error;
use super::url::GitUrl;
use crate::error::{Error, ErrorKind, Result};

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
    /// a `file://` URL is not on a server, so only a `file://` prefix covers it.
    pub(crate) fn covers(&self, url: &GitUrl) -> bool {
        let is_safe = |protocol| matches!(protocol, Protocol::Https | Protocol::Ssh);
        let same_kind =
            self.protocol == url.protocol() || (is_safe(self.protocol) && is_safe(url.protocol()));
        let rest = url.canonical.strip_prefix(self.canonical.as_str());
        same_kind && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
