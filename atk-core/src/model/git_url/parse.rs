//! Reads the URL of a repository, as typed or from a manifest.

use super::address::Address;
use super::reader::Credentials;
use super::unusable::{AddressProblem, unusable_error};
use super::url::GitUrl;
use super::{page, pasted};
use crate::error::Result;

impl GitUrl {
    /// Reads a URL: `https://`, `http://`, `file://`, `ssh://`, the short form of ssh
    /// (`user@host:path`, `host:path`, with brackets around a port or an IPv6 address), or the
    /// shorthand `host.tld/path`. A user name alone in an https URL is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`](crate::ErrorKind::SourceInvalid): empty, control characters, a
    /// leading `-` in URL, user, host or path, a remote helper, a protocol that is not allowed, an
    /// empty host, a path with empty, `.` or `..` segments in any spelling, credentials, a page of a
    /// website.
    pub fn parse(typed: &str) -> Result<Self> {
        let address = Address::read(typed, Credentials::Refuse).map_err(|unusable| {
            let unusable = match pasted::help(typed) {
                Some(help) => unusable.with_help(help),
                None => unusable,
            };
            unusable_error(typed, unusable)
        })?;
        Self::refuse_page(typed)?;
        Self::of_address(typed, address)
    }

    /// Refuses the address of a web page.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`](crate::ErrorKind::SourceInvalid) with the source string that was
    /// probably meant. What is no address at all is left for [`GitUrl::parse`].
    pub(crate) fn refuse_page(typed: &str) -> Result<()> {
        match Address::read(typed, Credentials::Refuse) {
            Ok(address) if page::is_certainly_a_page(&address) => {
                let help = page::help(&address);
                let why = "it is the address of a web page".to_owned();
                Err(unusable_error(typed, AddressProblem::Invalid(why, help)))
            }
            Ok(_) | Err(_) => Ok(()),
        }
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
}
