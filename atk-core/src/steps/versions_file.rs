//! Reads `atk.yaml`.

use crate::error::Result;
use crate::home::{HomeDir, HomePath};
use crate::model::versions::Versions;

/// Reads `atk.yaml`.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`](crate::ErrorKind::HomeInvalid), with what mends it.
pub(crate) fn read(home: &HomeDir) -> Result<Versions> {
    let path = HomePath::versions();
    let bytes = home.read(&path)?;
    Versions::parse(bytes.as_deref()).map_err(|error| {
        let root = home.root().display();
        let help = format!(
            "edit `{root}/{path}`, or restore the version of the last commit with \
             `git -C {root} checkout HEAD -- {path}`"
        );
        error
            .with_path(home.root().join(path.as_path()))
            .with_help(help)
    })
}
