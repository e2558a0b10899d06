//! The branch that HEAD is on.

use super::program::Run;
use super::{Backend, Repository};
use crate::error::{Error, Result};

impl Repository {
    /// The name of the branch that HEAD is on, which may have no commit yet. None if HEAD is
    /// detached.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if HEAD cannot be read.
    pub(crate) fn current_branch(&self) -> Result<Option<String>> {
        if let Backend::Program(_) = self.engine {
            // Only git knows where a format of its own keeps HEAD.
            let said = self.run(Run::new(&["symbolic-ref", "-q", "--short", "HEAD"]))?;
            let line = said.line()?.to_string_lossy().into_owned();
            return Ok((said.success && !line.is_empty()).then_some(line));
        }
        let path = self.git_dir.join("HEAD");
        let head = std::fs::read(&path).map_err(|error| Error::io("cannot read", &path, error))?;
        let head = String::from_utf8_lossy(&head);
        let branch = head.trim_end().strip_prefix("ref:").map(str::trim);
        Ok(branch.map(|branch| branch.trim_start_matches("refs/heads/").to_owned()))
    }
}
