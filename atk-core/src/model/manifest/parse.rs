//! Reads a manifest: fast if it has the lines that ATK writes, else as any YAML.

use super::content::Manifest;
use super::{lines, read};
use crate::error::Result;

impl Manifest {
    /// Reads a manifest.
    ///
    /// Unknown keys are allowed; `config`, its keys, `plugins`, `ref` and `url` may be missing and
    /// have defaults. Two entries of one directory are allowed, because the Python tool allows
    /// them; the first counts.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`](crate::ErrorKind::HomeInvalid) with every problem.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        match lines::manifest(text) {
            Some(manifest) => Ok(manifest),
            None => read::manifest(text),
        }
    }

    /// Reads a manifest as any YAML. It says the same.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn read_slowly(text: &str) -> Result<Self> {
        read::manifest(text)
    }
}
