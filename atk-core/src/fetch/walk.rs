//! A walk along a path through the trees that are in the cache.

use std::fmt;

use crate::error::{Error, Result};
use crate::fetching::object::{EntryKind, ObjectId};
use crate::fetching::remote::Remote;

/// Where a walk came to.
pub(super) enum WalkStep {
    /// The directory at the end of the path.
    At(ObjectId),
    /// This tree on the way is not in the cache.
    Missing(ObjectId),
}

/// Why a path leads nowhere.
pub(super) enum WalkProblem {
    Link,
    NoDirectory,
    Missing,
}

impl fmt::Display for WalkProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WalkProblem::Link => "leads through a link",
            WalkProblem::NoDirectory => "is not a directory",
            WalkProblem::Missing => "does not exist",
        })
    }
}

/// Goes along a path of names with `/` between them.
///
/// # Errors
/// What `unusable` makes of the problem.
pub(super) fn walk(
    remote: &Remote<'_>,
    root: ObjectId,
    path: &str,
    unusable: impl Fn(WalkProblem) -> Error,
) -> Result<WalkStep> {
    let mut at = root;
    for name in path.split('/') {
        let Some(entries) = remote.tree(at)? else {
            return Ok(WalkStep::Missing(at));
        };
        let entry = entries.iter().find(|entry| entry.name == name.as_bytes());
        at = match entry.map(|entry| (entry.kind, entry.id)) {
            Some((EntryKind::Tree, id)) => id,
            Some((EntryKind::Link, _)) => return Err(unusable(WalkProblem::Link)),
            Some(_) => return Err(unusable(WalkProblem::NoDirectory)),
            None => return Err(unusable(WalkProblem::Missing)),
        };
    }
    Ok(WalkStep::At(at))
}
