//! Sending commits to where the user's own `git push` sends them.

use super::program::Run;
use super::{Engine, Repository};
use crate::error::{Error, ErrorKind, Result};
use crate::host::Scope;

impl Repository {
    /// Runs a plain `git push`, with the user's configuration, credentials and hooks. It asks
    /// nothing on a terminal. A cancel ends it.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] with what git said (there is no remote, it was refused);
    /// [`ErrorKind::GitMissing`]; [`ErrorKind::Cancelled`].
    pub(crate) fn push(&self, scope: Scope<'_>) -> Result<()> {
        let git = Repository {
            engine: Engine::Program("commits are to be pushed".into()),
            ..self.clone()
        };
        let said = git.run(Run::new(&["push", "--quiet"]).cancel(scope.cancel))?;
        if said.success {
            return Ok(());
        }
        let reason = said
            .tail
            .lines()
            .next()
            .unwrap_or("git said nothing")
            .to_owned();
        Err(
            Error::new(ErrorKind::GitFailed, format!("cannot push: {reason}"))
                .with_path(&self.root)
                .with_output(said.tail),
        )
    }
}
