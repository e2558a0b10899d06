//! Changes of the home's `.gitignore`.

use crate::error::Result;
use crate::home::{HomeDir, HomePath};
use crate::model::gitignore::Gitignore;

/// The `.gitignore` after a change of it, and whether that is another than before.
pub(crate) fn gitignore(
    home: &HomeDir,
    change: impl FnOnce(&mut Gitignore) -> bool,
) -> Result<(Vec<u8>, bool)> {
    let bytes = home.read(&HomePath::gitignore())?.unwrap_or_default();
    let mut gitignore = Gitignore::parse(&bytes);
    let is_new = change(&mut gitignore);
    Ok((gitignore.to_bytes(), is_new))
}
