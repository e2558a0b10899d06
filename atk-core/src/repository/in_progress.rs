//! Whether the user is in the middle of something.

use super::{Repository, failure};
use crate::error::{Error, ErrorKind, Result};

/// What git leaves in its directory while an operation waits for the user.
const MARKS: &[(&str, &str)] = &[
    ("MERGE_HEAD", "merge"),
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick or revert"),
    ("BISECT_LOG", "bisect"),
];

impl Repository {
    /// What the repository is in the middle of (`merge`, `rebase`), if anything: a commit would
    /// then become part of it.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the git directory cannot be read.
    pub(crate) fn in_progress(&self) -> Result<Option<&'static str>> {
        for (mark, operation) in MARKS {
            let path = self.git_dir.join(mark);
            if path
                .try_exists()
                .map_err(|error| Error::io("cannot look for", &path, error))?
            {
                return Ok(Some(operation));
            }
        }
        Ok(None)
    }

    /// Fails while something is in progress.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInProgress`].
    pub(crate) fn check_settled(&self) -> Result<()> {
        match self.in_progress()? {
            None => Ok(()),
            Some(operation) => Err(Error::new(
                ErrorKind::HomeInProgress,
                format!(
                    "the repository `{}` is in the middle of a {operation}",
                    failure::shown(&self.root)
                ),
            )
            .with_path(&self.root)
            .with_help(format!("finish or abort the {operation} first"))),
        }
    }
}
