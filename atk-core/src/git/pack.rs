//! A pack on its way from the server into the object cache.

use std::io::Write;

use git2::Indexer;

use super::progress::Progress;
use super::staging::Staging;
use crate::error::{Error, ErrorKind, Result};

/// The most objects that a pack may announce: memory is set aside for each of them.
const MAX_OBJECTS: u32 = 4_000_000;
/// `PACK`, a version, a number of objects: four bytes each.
const HEADER: usize = 12;

/// Writes a pack as it arrives. Dropped before [`Incoming::finish`], nothing of it stays.
pub(crate) struct Incoming<'s, 'e> {
    staging: Staging<'s>,
    progress: &'s mut Progress<'e>,
    indexer: Option<Indexer<'static>>,
    head: Vec<u8>,
    bytes: u64,
    max_bytes: u64,
}

impl<'s, 'e> Incoming<'s, 'e> {
    /// A pack of at most `max_bytes`.
    pub(crate) fn new(
        staging: Staging<'s>,
        progress: &'s mut Progress<'e>,
        max_bytes: u64,
    ) -> Self {
        Incoming {
            staging,
            progress,
            indexer: None,
            head: Vec::new(),
            bytes: 0,
            max_bytes,
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`]: too large, or no pack. [`ErrorKind::Io`], [`ErrorKind::Cancelled`].
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.max_bytes {
            return Err(Error::new(
                ErrorKind::GitFailed,
                format!(
                    "the server sends more than the {} bytes that are allowed",
                    self.max_bytes
                ),
            ));
        }
        if self.indexer.is_some() {
            self.index(bytes)?;
        } else {
            self.head.extend(bytes);
            self.begin()?;
        }
        self.progress.received(bytes.len() as u64);
        Ok(())
    }

    /// Checks the pack's header, once it is there, before libgit2 sets memory aside by it.
    fn begin(&mut self) -> Result<()> {
        let Some(header) = self.head.get(..HEADER) else {
            return Ok(());
        };
        let number = |at: usize| {
            let bytes = header.get(at..at + 4).and_then(|b| b.try_into().ok());
            bytes.map_or(0, u32::from_be_bytes)
        };
        if !header.starts_with(b"PACK") || number(4) != 2 || number(8) > MAX_OBJECTS {
            return Err(Error::new(
                ErrorKind::GitFailed,
                "the server sent something that is no pack",
            ));
        }
        let dir = self.staging.packs();
        let counter = self.progress.counter();
        // 0o400, as git has it: packs are never changed. Not "verify": it asks for everything that
        // the objects name, and most of that was left out on purpose.
        let mut indexer = Indexer::new(None, &dir, 0o400, false).map_err(|e| unwritten(&e))?;
        indexer.progress(move |stats| counter.update(stats.received_objects()));
        self.indexer = Some(indexer);
        let head = std::mem::take(&mut self.head);
        self.index(&head)
    }

    /// The server says something meanwhile.
    pub(crate) fn message(&mut self, said: &[u8]) {
        self.progress.message(said);
    }

    fn index(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(indexer) = &mut self.indexer else {
            return Ok(());
        };
        let written = indexer.write_all(bytes);
        self.progress.check()?;
        written.map_err(|error| {
            // What libgit2 says of it comes wrapped, and is said only once.
            let inner = error.get_ref();
            match inner.and_then(|inner| inner.downcast_ref::<git2::Error>()) {
                Some(said) => unwritten(said),
                None => Error::io(
                    "cannot write to the object cache",
                    &self.staging.packs(),
                    error,
                ),
            }
        })
    }

    /// Checks the whole and puts it into the cache. A pack that never began is empty.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] where it is damaged, [`ErrorKind::Io`], [`ErrorKind::Cancelled`].
    pub(crate) fn finish(mut self) -> Result<()> {
        let Some(indexer) = self.indexer.take() else {
            return match self.bytes {
                0 => Ok(()),
                _ => Err(Error::new(ErrorKind::GitFailed, "the pack is cut off")),
            };
        };
        let committed = indexer.commit();
        self.progress.check()?;
        committed.map_err(|error| unwritten(&error))?;
        self.staging.adopt()
    }
}

fn unwritten(error: &git2::Error) -> Error {
    let kind = match error.class() {
        git2::ErrorClass::Os | git2::ErrorClass::Filesystem => ErrorKind::Io,
        _ => ErrorKind::GitFailed,
    };
    Error::new(
        kind,
        format!("cannot put the pack into the cache: {}", error.message()),
    )
}
