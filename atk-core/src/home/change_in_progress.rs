//! The change that an operation is making to the home, for operations that read it meanwhile.

use std::ffi::OsStr;
use std::io::Read;

use rustix::fs::OFlags;

use super::HomeDir;
use super::lock;
use super::path::{HomePath, journal_dir};
use super::record::Header;
use crate::error::{Error, Result};

/// The longest header that is read.
const LONGEST: u64 = 64 << 10;

/// A transaction that has started and has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangeInProgress {
    header: Header,
    /// True if the process that makes the change holds the home's lock.
    is_running: bool,
}

impl ChangeInProgress {
    /// Returns the name of the operation (`add`).
    pub(crate) fn operation(&self) -> &str {
        &self.header.operation
    }

    /// Returns the id of the process that makes the change.
    pub(crate) fn pid(&self) -> u32 {
        self.header.pid
    }

    /// Returns false if the change was interrupted, and could not be completed or rolled back yet.
    pub(crate) fn is_running(&self) -> bool {
        self.is_running
    }

    /// Returns true if it changes this directory under `plugins/`.
    pub(crate) fn is_about(&self, directory: &str) -> bool {
        self.header.plugin.as_deref() == Some(directory)
    }
}

impl HomeDir {
    /// True if a process holds the home's lock now.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn is_locked(&self) -> Result<bool> {
        match self.root.below(&HomePath::scratch())? {
            Some(scratch) => lock::is_held(&scratch),
            None => Ok(false),
        }
    }

    /// Returns the change in progress, or `None` if the home is not being changed. A process that
    /// the change itself started, according to `nested_tokens`, is part of the change: for it the
    /// result is `None`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn change_in_progress(
        &self,
        nested_tokens: Option<&str>,
    ) -> Result<Option<ChangeInProgress>> {
        let scratch = HomePath::scratch();
        let Some(dir) = self.root.below(&scratch)? else {
            return Ok(None);
        };
        let Some(journal) = dir.child(journal_dir())? else {
            return Ok(None);
        };
        let Some(file) = journal.open_file(OsStr::new("journal"), OFlags::RDONLY)? else {
            return Ok(None);
        };
        let mut text = Vec::new();
        let place = journal.path().join("journal");
        file.take(LONGEST)
            .read_to_end(&mut text)
            .map_err(|error| Error::io("cannot read", &place, error))?;
        // Nothing is changed before the header is complete.
        let line = text.split_inclusive(|byte| *byte == b'\n').next();
        let line = line.filter(|line| line.ends_with(b"\n"));
        let header: Option<Header> = line.and_then(|line| serde_json::from_slice(line).ok());
        let Some(header) = header else {
            return Ok(None);
        };
        let holder = lock::holder(&dir)?;
        let is_own = |tokens: &str| {
            holder
                .as_ref()
                .is_some_and(|holder| holder.is_one_of(tokens))
        };
        if nested_tokens.is_some_and(is_own) {
            return Ok(None);
        }
        let is_running = holder.is_some_and(|holder| holder.pid == header.pid);
        Ok(Some(ChangeInProgress { header, is_running }))
    }
}
