//! A look at what a git process costs while it runs: memory, and bytes on disk.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::bounds::exceeded;
use crate::error::{Error, ErrorKind, Result};
use crate::model::limits::GIT_MEMORY;

/// What is looked at.
#[derive(Default)]
pub(super) struct Watch {
    /// The server is not a process of ours: of a local repository it is, and may take what it needs.
    is_remote: bool,
    /// A directory that the process fills, and how large it may get.
    place: Option<(PathBuf, u64)>,
    bytes: u64,
}

impl Watch {
    /// Also looks at a directory that the process fills.
    pub(super) fn look_at(&mut self, dir: &Path, limit: u64) {
        self.place = Some((dir.to_owned(), limit));
    }

    /// Also looks at the memory of the process and its helpers.
    pub(super) fn look_at_memory(&mut self) {
        self.is_remote = true;
    }

    /// True if progress is known by the directory, and not by what the process prints.
    pub(super) fn has_place(&self) -> bool {
        self.place.is_some()
    }

    /// Looks; gives by how many bytes the directory has grown.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] if a limit is passed.
    pub(super) fn look(&mut self, pid: u32) -> Result<u64> {
        if self.is_remote && memory_of(pid) > GIT_MEMORY {
            let text = format!(
                "what the server sends makes git take more than {GIT_MEMORY} bytes of memory"
            );
            return Err(Error::new(ErrorKind::GitFailed, text));
        }
        let Some((dir, limit)) = &self.place else {
            return Ok(0);
        };
        let files = WalkDir::new(dir).into_iter().flatten();
        let sizes = files.filter_map(|item| item.metadata().ok());
        let files = sizes.filter(std::fs::Metadata::is_file);
        let bytes: u64 = files.map(|meta| meta.len()).sum();
        if bytes > *limit {
            return Err(exceeded("more", *limit));
        }
        let grown = bytes.saturating_sub(self.bytes);
        self.bytes = bytes;
        Ok(grown)
    }
}

/// The memory of a git process and of git's own programs below it, in bytes. Credential helpers
/// are the user's, and may take what they want. Where there is no `/proc`, nothing is known.
fn memory_of(pid: u32) -> u64 {
    let mut total = 0;
    let mut pending = vec![pid];
    // More than git ever starts.
    for _ in 0..32 {
        let Some(pid) = pending.pop() else {
            break;
        };
        let read = |path: String| std::fs::read_to_string(path).unwrap_or_default();
        let status = read(format!("/proc/{pid}/status"));
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::trim).unwrap_or_default().to_owned()
        };
        let name = field("Name:");
        if name.starts_with("git") && !name.starts_with("git-credential") {
            // Not the pages of files: the system can take those back.
            let anonymous = field("RssAnon:");
            let kilobytes = anonymous
                .split(' ')
                .next()
                .and_then(|n| n.parse::<u64>().ok());
            total += kilobytes.unwrap_or(0) << 10;
            let children = read(format!("/proc/{pid}/task/{pid}/children"));
            pending.extend(
                children
                    .split_whitespace()
                    .filter_map(|pid| pid.parse::<u32>().ok()),
            );
        }
    }
    total
}
