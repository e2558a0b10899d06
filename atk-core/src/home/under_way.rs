//! The change that another operation is making, as readers see it.

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

/// A transaction that has begun and has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnderWay {
    header: Header,
    /// True if the process that makes the change holds the home's lock.
    goes_on: bool,
}

impl UnderWay {
    /// The operation (`add`).
    pub(crate) fn operation(&self) -> &str {
        &self.header.operation
    }

    /// The process that makes the change.
    pub(crate) fn pid(&self) -> u32 {
        self.header.pid
    }

    /// False if the change was interrupted, and could not be completed or undone yet.
    pub(crate) fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// True if it changes this directory under `plugins/`.
    pub(crate) fn is_of(&self, directory: &str) -> bool {
        self.header.plugin.as_deref() == Some(directory)
    }
}

impl HomeDir {
    /// The change that is under way; none if there is none. A process that the change itself has
    /// started, by `nested_tokens`, is a part of it and sees the home as it is.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn under_way(&self, nested_tokens: Option<&str>) -> Result<Option<UnderWay>> {
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
        // Until the header is complete, nothing was changed.
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
        let goes_on = holder.is_some_and(|holder| holder.pid == header.pid);
        Ok(Some(UnderWay { header, goes_on }))
    }
}
