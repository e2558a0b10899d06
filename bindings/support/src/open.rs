//! Opening a home, and reading what a language passes as JSON.

use std::path::PathBuf;

use atk_core::{Error, ErrorKind, Home, OptionChanges, Options, Result};
use serde::de::DeserializeOwned;

/// Opens the home at a path, which may be relative to the working directory. Without a path it is
/// where the environment says.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if an option cannot be used.
pub fn open(path: Option<PathBuf>, changes: OptionChanges) -> Result<Home> {
    let base = std::env::current_dir().ok();
    let (home, mut options) = Options::from_vars(std::env::vars_os(), base.clone())?;
    changes.apply(&mut options)?;
    let path = path.unwrap_or(home);
    let path = base.map_or(path.clone(), |base| base.join(&path));
    Home::open(path, options)
}

/// Reads arguments or options, which a language passes as JSON.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`].
pub fn parsed<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|cause| {
        let text = format!("the arguments cannot be used: {cause}");
        Error::new(ErrorKind::InvalidArgument, text).with_cause(cause)
    })
}

/// Makes the error for a panic or another bug of ATK.
#[must_use]
pub fn defect(what: &str) -> Error {
    let text = format!("{what}: this is a bug in ATK, please report it");
    Error::new(ErrorKind::Internal, text)
}
