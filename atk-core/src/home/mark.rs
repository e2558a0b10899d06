//! Whether a home is trusted on this machine.
//!
//! ```text
//! <git directory>/atk/trusted      the home was made here, or its user confirmed it here
//! <git directory>/atk/unconfirmed  ATK put files into the home before its user confirmed it
//! ```
//!
//! Both files are empty. They lie in the git directory because nothing there travels with a clone:
//! git tracks no path that has a part `.git`, in any spelling.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use rustix::fs::{FileType, OFlags};

use super::HomeDir;
use super::path::HomePath;
use super::scratch::Scratch;
use crate::error::Result;
use crate::model::name::PluginDir;

const TRUSTED: &str = "trusted";
const UNCONFIRMED: &str = "unconfirmed";

/// What tells files apart whatever they are called: device and inode.
type FileId = (u64, u64);

impl HomeDir {
    /// True if this home may run and push here: it has the mark, or another tool has visibly
    /// worked in it on this machine.
    ///
    /// With the mark this is one look-up.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn is_trusted(&self) -> Result<bool> {
        if self.has_mark(TRUSTED)? {
            return Ok(true);
        }
        // Files that ATK itself put there prove nothing about the user.
        Ok(!self.has_mark(UNCONFIRMED)? && self.has_traces()?)
    }

    /// Marks the home as trusted on this machine.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn mark_trusted(&self) -> Result<()> {
        self.set_mark(TRUSTED)
    }

    /// Notes that ATK is about to put files into a home that is not trusted, so that these do not
    /// count as the traces of another tool.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn mark_unconfirmed(&self) -> Result<()> {
        self.set_mark(UNCONFIRMED)
    }

    fn has_mark(&self, name: &str) -> Result<bool> {
        self.exists(&HomePath::scratch().child(OsStr::new(name)))
    }

    /// A mark that a power cut takes away is asked for again, so it is not synced.
    fn set_mark(&self, name: &str) -> Result<()> {
        let scratch = Scratch::dir(&self.root)?;
        scratch.open_file(OsStr::new(name), OFlags::WRONLY | OFlags::CREATE)?;
        Ok(())
    }

    /// True if there is a file that another tool writes into a home, and that did not come with
    /// its history: a stamp, a `.env`, the Python tool's note of its last look for updates.
    fn has_traces(&self) -> Result<bool> {
        let traces = self.traces()?;
        if traces.is_empty() {
            return Ok(false);
        }
        // A repository that cannot be read proves nothing.
        let Ok(tracked) = self.open_repository().and_then(|found| found.tracked()) else {
            return Ok(false);
        };
        // Compared by what they are, not by their names: many names mean one file on a disk that
        // ignores case, or that normalises Unicode.
        let tracked: BTreeSet<FileId> = tracked
            .iter()
            .filter_map(|path| file_id(&self.root.path().join(path)))
            .collect();
        // A submodule is one tracked directory, and all in it came with it.
        let is_tracked = |path: &HomePath| {
            path.and_above().any(|path| {
                let id = file_id(&self.root.path().join(path.as_path()));
                id.is_none_or(|id| tracked.contains(&id))
            })
        };
        Ok(!traces.iter().all(is_tracked))
    }

    /// The regular files of the home that a tool writes and git ignores.
    fn traces(&self) -> Result<Vec<HomePath>> {
        let mut paths = vec![HomePath::new(".update-cache.yaml")?];
        for name in self.names(&HomePath::plugins())?.unwrap_or_default() {
            let Some(plugin) = name.to_str().and_then(|name| PluginDir::new(name).ok()) else {
                continue;
            };
            paths.extend([HomePath::stamp(&plugin), HomePath::env(&plugin)]);
        }
        paths.retain(|path| self.is_file(path));
        Ok(paths)
    }

    fn is_file(&self, path: &HomePath) -> bool {
        let stat = || self.root.parent_of(path).ok()??.stat(path.name()).ok()?;
        stat().is_some_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
    }
}

fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    let metadata = path.symlink_metadata().ok()?;
    Some((metadata.dev(), metadata.ino()))
}
