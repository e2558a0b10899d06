//! Clones of whole repositories: of a home, with its history.

use std::path::Path;

use super::child::{Child, WaitLimits};
use super::engine::Engine;
use super::{git_command, message};
use crate::error::Result;
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
            true => Ok(()),
            false => Err(message::error(url, &said)),
        }
    }
}
