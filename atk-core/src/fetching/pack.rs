//! A pack on its way from the server into the object cache.

mod head;
pub(crate) mod scan;

use std::io::Write;
use std::time::{Duration, Instant};

use git2::Indexer;

use self::scan::Scan;
use super::bounds::{Share, exceeded};
use super::progress::Progress;
use super::staging::Staging;
use super::store::Store;
use crate::error::{Error, ErrorKind, Result};

/// Writes a pack as it arrives. Dropped before [`PackWriter::finish`], nothing of it stays.
pub(crate) struct PackWriter<'s, 'e> {
    store: &'s Store,
    staging: Staging<'s>,
    progress: &'s mut Progress<'e>,
    scan: Scan,
    indexer: Option<Indexer<'static>>,
    share: Option<Share>,
    /// What came before the pack's header was whole.
    head: Vec<u8>,
    bytes: u64,
}

impl<'s, 'e> PackWriter<'s, 'e> {
    /// A pack for a store, within its bounds.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub(crate) fn new(store: &'s Store, progress: &'s mut Progress<'e>) -> Result<Self> {
        Ok(PackWriter {
            staging: Staging::new(store)?,
            scan: Scan::new(store.scan_limits()),
            store,
            progress,
            indexer: None,
            share: None,
            head: Vec::new(),
            bytes: 0,
        })
    }

    /// Takes the next bytes; gives how long that took.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`]: too large, or no pack. [`ErrorKind::Io`], [`ErrorKind::Cancelled`].
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<Duration> {
        let begun = Instant::now();
        self.bytes += bytes.len() as u64;
        let limit = self.store.bounds().transfer;
        if self.bytes > limit {
            return Err(exceeded("more", limit));
        }
        // Before libgit2 sees them: it sets memory aside by what a pack says of itself.
        self.scan.feed(bytes)?;
        if self.indexer.is_some() {
            self.index(bytes)?;
        } else {
            self.head.extend(bytes);
            if self.scan.objects().is_some() {
                self.begin()?;
            }
        }
        self.progress.received(bytes.len() as u64);
        Ok(begun.elapsed())
    }

    /// Begins to write, once the header is there.
    fn begin(&mut self) -> Result<()> {
        let memory = &self.store.bounds().memory;
        self.share = memory.take(self.scan.memory_of_index());
        let dir = self.staging.packs();
        let counter = self.progress.counter();
        // 0o400, as git has it: packs are never changed. Not "verify": it asks for everything that
        // the objects name, and most of that was left out on purpose.
        let mut indexer = Indexer::new(None, &dir, 0o400, false).map_err(|e| unwritten(&e))?;
        indexer
            .progress(move |stats| counter.update(stats.received_objects(), stats.total_objects()));
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
    /// [`ErrorKind::GitFailed`] if it is damaged, [`ErrorKind::Io`], [`ErrorKind::Cancelled`].
    pub(crate) fn finish(mut self) -> Result<()> {
        let Some(indexer) = self.indexer.take() else {
            return match self.bytes {
                0 => Ok(()),
                _ => Err(Error::new(ErrorKind::GitFailed, "the pack is cut off")),
            };
        };
        let memory = self.scan.memory()?;
        if self.share.is_none() {
            self.share = self.store.bounds().memory.take(memory);
        }
        let committed = indexer.commit();
        self.progress.check()?;
        committed.map_err(|error| unwritten(&error))?;
        self.staging.adopt_pack(&self.scan.into_large())
    }
}

fn unwritten(error: &git2::Error) -> Error {
    let kind = match error.class() {
        git2::ErrorClass::Os | git2::ErrorClass::Filesystem => ErrorKind::Io,
        _ => ErrorKind::GitFailed,
    };
    Error::new(
        kind,
        format!("cannot add the pack to the cache: {}", error.message()),
    )
}
