//! Whether the index has something.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::{Engine, Repository, failed};
use crate::error::Result;

impl Repository {
    /// True if the index has the path, or anything below it.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed).
    pub(crate) fn tracks(&self, path: &Path) -> Result<bool> {
        match &self.engine {
            Engine::InProcess => {
                let index = self
                    .open_in_process()?
                    .index()
                    .map_err(|error| failed("cannot read the index of", &self.root, &error))?;
                let prefix = path.as_os_str().as_bytes();
                Ok(index.iter().any(|entry| {
                    let rest = entry.path.strip_prefix(prefix);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
                }))
            }
            Engine::Program(_) => {
                let said = self.git(&["ls-files".as_ref(), "--".as_ref(), path.as_os_str()])?;
                Ok(!said.stdout.is_empty())
            }
        }
    }
}
