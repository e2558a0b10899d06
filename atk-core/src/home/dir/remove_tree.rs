//! Removing a directory with all that is in it, however deep.

use std::ffi::{OsStr, OsString};

use rustix::fs::{AtFlags, FileType, Mode};
use rustix::io::Errno;

use super::Dir;
use crate::error::Result;
use crate::home::scratch::unique_name;

/// How many levels of directories are open at once while a tree is removed.
const DEEPEST: usize = 64;

impl Dir {
    /// Removes an entry with all that is in it; nothing to do if it is gone. What resists (a file of
    /// another user) stays, and is the error; all else goes.
    pub(in crate::home) fn remove_tree(&self, name: &OsStr) -> Result<()> {
        let mut refused = None;
        let mut trees = vec![name.to_owned()];
        while let Some(name) = trees.pop() {
            let removed = self.remove_below(&name, self, 0, &mut trees);
            refused = refused.or(removed.err());
        }
        refused.map_or(Ok(()), Err)
    }

    /// Removes an entry. A directory that lies deep is moved up to `top` and noted in `trees`: each
    /// level that is entered costs an open file.
    fn remove_below(
        &self,
        name: &OsStr,
        top: &Dir,
        depth: usize,
        trees: &mut Vec<OsString>,
    ) -> Result<()> {
        let Some(stat) = self.stat(name)? else {
            return Ok(());
        };
        if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
            return self.unlink(name);
        }
        // Some tools (the Go module cache) make directories that their owner cannot write to.
        let wanted = Mode::RUSR | Mode::WUSR | Mode::XUSR;
        if !Mode::from_raw_mode(stat.st_mode).contains(wanted) {
            rustix::fs::chmodat(&self.file, name, Mode::RWXU, AtFlags::empty())
                .map_err(|errno| self.refusal("cannot remove", name, errno))?;
        }
        if depth == DEEPEST {
            let moved = unique_name();
            self.rename_new(name, top, &moved)?;
            trees.push(moved);
            return Ok(());
        }
        let mut refused = None;
        if let Some(dir) = self.child(name)? {
            for entry in dir.names()? {
                let removed = dir.remove_below(&entry, top, depth + 1, trees);
                refused = refused.or(removed.err());
            }
        }
        if let Some(error) = refused {
            return Err(error);
        }
        match rustix::fs::unlinkat(&self.file, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(self.refusal("cannot remove", name, errno)),
        }
    }
}
