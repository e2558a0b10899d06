//! Reads of a home whose errors say how to mend what is wrong: the manifest, and the history.

use std::path::PathBuf;

use super::{HomeDir, HomePath};
use crate::error::{Error, Result};
use crate::model::manifest::{FILE, Manifest, ManifestText};
use crate::model::owned;

impl HomeDir {
    /// Reads the manifest.
    ///
    /// # Errors
    /// Those of [`HomeDir::manifest_text`] and [`Manifest::parse`].
    pub(crate) fn manifest(&self) -> Result<Manifest> {
        self.manifest_of(&self.manifest_text()?)
    }

    /// Reads a text that [`HomeDir::manifest_text`] returned.
    ///
    /// # Errors
    /// Those of [`Manifest::parse`].
    pub(crate) fn manifest_of(&self, text: &str) -> Result<Manifest> {
        Manifest::parse(text).map_err(|error| self.about_manifest(error))
    }

    /// Reads the manifest as a file that is to be changed. A file that still has the text of
    /// `before` is not read again.
    ///
    /// # Errors
    /// As [`HomeDir::manifest`].
    pub(crate) fn manifest_file(&self, before: Option<ManifestText>) -> Result<ManifestText> {
        let text = self.manifest_text()?;
        match before {
            Some(before) if before.text() == text => Ok(before),
            Some(_) | None => {
                ManifestText::parse(text.as_bytes()).map_err(|error| self.about_manifest(error))
            }
        }
    }

    /// Returns the newest commit that has the definition of the plugin directory at `plugin`.
    pub(crate) fn last_commit_with(&self, plugin: &HomePath) -> Option<String> {
        let paths = owned::DEFINITIONS.map(|name| plugin.as_path().join(name));
        let paths = paths.each_ref().map(PathBuf::as_path);
        self.open_repository().ok()?.last_commit_with(&paths)
    }

    fn about_manifest(&self, error: Error) -> Error {
        let path = self.manifest_path();
        let root = self.root().display();
        let help = match error.details().help.as_deref() {
            Some(help) => format!("{help}: `git -C {root} add {FILE}`, `git -C {root} commit`"),
            None => format!(
                "restore the version of the last commit with `git -C {root} checkout HEAD -- {FILE}`, \
                 or edit `{}`; `git -C {root} log -p -- {FILE}` shows earlier versions",
                path.display()
            ),
        };
        error.with_path(path).with_help(help)
    }

    fn manifest_path(&self) -> PathBuf {
        self.root().join(FILE)
    }
}
