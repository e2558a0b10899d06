//! Why an address cannot be used.

use super::redact;
use crate::error::{Error, ErrorKind};
use crate::text::escape;

/// Why an address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AddressProblem {
    /// It carries credentials for this host.
    Credentials(String),
    /// Anything else: the reason, and what to do.
    Invalid(String, Option<String>),
}

impl From<&str> for AddressProblem {
    fn from(why: &str) -> Self {
        AddressProblem::Invalid(why.to_owned(), None)
    }
}

impl AddressProblem {
    pub(super) fn with_help(self, help: String) -> Self {
        match self {
            AddressProblem::Invalid(why, _) => AddressProblem::Invalid(why, Some(help)),
            AddressProblem::Credentials(_) => self,
        }
    }
}

/// Returns the error for what was typed.
pub(super) fn unusable_error(typed: &str, unusable: AddressProblem) -> Error {
    match unusable {
        AddressProblem::Credentials(host) => Error::new(
            ErrorKind::SourceInvalid,
            format!("the URL for `{}` carries credentials", escape(&host)),
        )
        .with_help("remove them and use a git credential helper"),
        AddressProblem::Invalid(why, help) => {
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
