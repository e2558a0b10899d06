//! Clones of whole repositories: of a home, with its history.

use std::fs;
use std::path::Path;

use super::child::{Child, WaitLimits};
use super::engine::Engine;
use super::{git_command, message, transport};
use crate::error::{Error, Result};
use crate::host::Scope;
use crate::model::git_url::{GitUrl, Protocol};

/// `git clone` prints nothing to standard output.
const MAX_OUTPUT: usize = 1 << 20;

impl Engine {
    /// Clones a repository into a directory that does not exist, with a work tree, and without its
    /// submodules. No hook runs, and nothing of a template is copied.
    ///
    /// # Errors
    /// Those of reaching a server, [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    pub(crate) fn clone_repository(
        &self,
        url: &GitUrl,
        dest: &Path,
        scope: Scope<'_>,
    ) -> Result<()> {
        let config = self.config();
        let patience = WaitLimits {
            cancel: scope.cancel,
            timeout: config.bounds.timeout,
            rate: config.bounds.rate,
            interactive: config.interactive,
        };
        transport::check_allowed(url, self.commands()?, self.settings(patience)?)?;
        let mut command = git_command::new(self, patience)?;
        // All of it is to be used, so git's own rules decide.
        command.args([
            "-c",
            "transfer.fsckObjects=true",
            "-c",
            "fetch.fsckObjects=true",
        ]);
        command.args([
            "clone",
            "--progress",
            "--no-recurse-submodules",
            "--template=",
        ]);
        command.args(["--origin=origin", "--end-of-options", url.as_str()]);
        command.arg(dest);
        let mut child = Child::start_watched(command, patience)?;
        child.watch(dest, config.bounds.transfer);
        if url.protocol() != Protocol::File {
            child.watch_memory(&config.bounds.memory);
        }
        let (status, _, said) = child.output(MAX_OUTPUT)?;
        match status.is_some_and(|status| status.success()) {
            true => remove_locks(&dest.join(".git")),
            false => Err(message::error(url, &said)),
        }
    }
}

/// Removes locks that git could not remove: it goes on without a word, and the clone would stay
/// locked for ever. Nobody else knows of the clone yet.
fn remove_locks(git_dir: &Path) -> Result<()> {
    let read = |error| Error::io("cannot read", git_dir, error);
    for entry in fs::read_dir(git_dir).map_err(read)? {
        let entry = entry.map_err(read)?;
        let path = entry.path();
        let is_directory = entry.file_type().map_err(read)?.is_dir();
        if is_directory && entry.file_name() != "objects" {
            remove_locks(&path)?;
        } else if !is_directory && path.extension().is_some_and(|end| end == "lock") {
            fs::remove_file(&path).map_err(|error| Error::io("cannot delete", &path, error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_that_git_left_are_removed() {
        let git_dir = tempfile::tempdir().unwrap();
        let path = |name: &str| git_dir.path().join(name);
        fs::create_dir_all(path("refs/heads")).unwrap();
        fs::create_dir_all(path("objects/ab.lock")).unwrap();
        let locks = ["config.lock", "refs/heads/main.lock"];
        let others = ["config", "refs/heads/main", "objects/lock"];
        for name in locks.iter().chain(&others) {
            fs::write(path(name), "").unwrap();
        }
        remove_locks(git_dir.path()).unwrap();
        assert!(locks.iter().all(|name| !path(name).exists()));
        assert!(others.iter().all(|name| path(name).exists()));
        assert!(path("objects/ab.lock").exists());
    }
}
