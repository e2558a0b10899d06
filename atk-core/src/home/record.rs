//! What the journal says about one change: enough to take it back, whatever became of it.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use super::identity::Identity;
use super::path::HomePath;
use crate::repository::Attempt;

/// Which operation a journal belongs to. Its first line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// The version of the journal's form, [`VERSION`].
    pub(super) version: u32,
    pub(super) operation: String,
    #[serde(default)]
    pub(super) plugin: Option<String>,
    pub(super) pid: u32,
    /// The inode of the journal's directory. If it has another one now, the home was copied, or
    /// restored from a backup, and no inode in the journal means anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<u64>,
}

/// Raised whenever an older ATK could undo a journal wrongly.
pub(super) const VERSION: u32 = 1;

/// One change. `n` is the name in `aside` of what was taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Record {
    /// A directory is made where nothing was.
    MakeDir { path: HomePath },
    /// An empty directory is removed.
    RemoveDir { path: HomePath, mode: u32 },
    /// An entry is set aside by a rename.
    Remove { path: HomePath, n: u64 },
    /// An entry is moved from the scratch to `path`, where `old` was.
    Put {
        path: HomePath,
        n: u64,
        from: HomePath,
        new: Identity,
        old: Option<Identity>,
        /// True if a file replaces a file in one step: the old one is set aside by a second
        /// name, or by a copy, so that its place is never empty.
        swap: bool,
    },
    /// A plugin directory becomes the transaction's, as a whole (`from`, where nothing was) or in
    /// what it holds beside `custom` and `.env`.
    Plugin {
        path: HomePath,
        from: Option<(HomePath, Identity)>,
        /// What was placed as `custom` and `.env` with the whole directory.
        custom: Option<u64>,
        env: Option<u64>,
    },
    /// Everything is in place: from here on the operation is completed, not undone.
    Commit {
        /// What the git commit is to say; `None` if the home does not commit by itself.
        message: Option<String>,
        paths: Vec<HomePath>,
        /// HEAD before the commit.
        head: Option<String>,
    },
    /// Git's half of the commit begins. The last one counts: an earlier one has ended without a
    /// commit. Until HEAD was asked about it, nothing may be undone.
    Git { attempt: Attempt },
}

impl Record {
    /// The path that the record is about; none for those of a commit.
    pub(super) fn path(&self) -> Option<&HomePath> {
        match self {
            Record::MakeDir { path }
            | Record::RemoveDir { path, .. }
            | Record::Remove { path, .. }
            | Record::Put { path, .. }
            | Record::Plugin { path, .. } => Some(path),
            Record::Commit { .. } | Record::Git { .. } => None,
        }
    }
}

/// The name beside the journal of what record `n` took away.
pub(super) fn number(n: u64) -> OsString {
    n.to_string().into()
}
