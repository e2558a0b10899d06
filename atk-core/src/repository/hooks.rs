//! Whether making a commit runs something of the user's.

use std::path::{Path, PathBuf};

use super::failure::failed;
use super::{Backend, Repository, init};
use crate::error::Result;

/// The hooks that a plain commit runs.
const HOOKS: &[&str] = &[
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "reference-transaction",
];

impl Repository {
    /// Why only the git program may commit here, as far as that is known before looking at files.
    pub(super) fn needs_program(&self) -> Result<Option<String>> {
        if let Backend::Program(reason) = &self.engine {
            return Ok(Some(reason.clone()));
        }
        Ok(self
            .has_hooks()?
            .then(|| "commit hooks must run".to_owned()))
    }

    /// True if a commit hook is active: an executable file in git's hook directory, or one of
    /// the configuration's.
    pub(super) fn has_hooks(&self) -> Result<bool> {
        let repository = self.open_in_process()?;
        let config = repository
            .config()
            .map_err(|error| failed("cannot read the configuration of", &self.root, &error))?;
        let named = config.get_path("core.hooksPath").ok();
        let directory = named
            .or_else(|| init::user_setting(&self.access, "core.hooksPath").map(PathBuf::from))
            .map_or_else(
                || self.common_dir.join("hooks"),
                |path| self.root.join(path),
            );
        let configured = config
            .entries(Some(r"^hook\..*\.event$"))
            .is_ok_and(|mut entries| entries.next().is_some());
        Ok(configured
            || HOOKS
                .iter()
                .any(|hook| is_executable(&directory.join(hook))))
    }
}

fn is_executable(path: &Path) -> bool {
    path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}
