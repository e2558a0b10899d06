//! The error of a manifest that cannot be used.

use super::content::FILE;
use crate::error::{Error, ErrorKind, Problem};

/// The error of a manifest with these problems.
pub(super) fn invalid(problems: Vec<Problem>) -> Error {
    let message = match problems.as_slice() {
        [] => "the manifest is invalid".to_owned(),
        [only] => format!("the manifest is invalid: {only}"),
        [first, more @ ..] => {
            format!("the manifest is invalid: {first}, and {} more", more.len())
        }
    };
    Error::new(ErrorKind::HomeInvalid, message)
        .with_path(FILE)
        .with_problems(problems)
}
