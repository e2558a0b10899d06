//! The URL of a repository.

use std::fmt;

use serde::Serialize;

use super::address::{Address, Style};
use super::protocol::Protocol;
use super::unusable::unusable_error;
use super::{canonical, path};
use crate::error::Result;
use crate::text::escape;

/// The URL of a git repository, free of credentials and of anything that git would take for an
/// option or a remote helper.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GitUrl {
    pub(super) address: Address,
    full: String,
    pub(super) canonical: String,
}

impl GitUrl {
    pub(super) fn of_address(typed: &str, address: Address) -> Result<Self> {
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
