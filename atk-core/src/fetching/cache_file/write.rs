//! Writes the file.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use tar::{Builder, EntryType, Header};

use super::{END, FORMAT, REPOSITORY, RepositoryHead, VERSION};
use crate::error::{Error, Result};
use crate::fetching::bounds::Bounds;
use crate::fetching::cache::{self, CachedRepository};
use crate::fetching::entry::Entry;
use crate::fetching::object::ObjectId;
use crate::fetching::progress::Progress;
use crate::fetching::remote::LAST_HEAD;
use crate::fetching::staging::ObjectFiles;
use crate::fetching::store::Store;
use crate::host::{CancelToken, Scope};
use crate::text::escape;

/// Writes all repositories of a cache into a file, whose path is for errors; says which they were.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
pub(crate) fn write(
    (file, path): (&mut File, &Path),
    cache_dir: &Path,
    bounds: &Bounds,
    scope: Scope<'_>,
) -> Result<Vec<CachedRepository>> {
    let mut writer = Writer {
        archive: Builder::new(file),
        path,
        cancel: scope.cancel,
    };
    writer.text(FORMAT, VERSION)?;
    let mut cached = cache::report(cache_dir)?;
    cached.sort_by(|a, b| a.url.cmp(&b.url));
    let mut written = Vec::new();
    for repository in cached {
        // It holds the entry's lock, so no other process removes it meanwhile. A damaged entry is left out.
        let Some((entry, store)) = Entry::open_existing(cache_dir, &repository.url, bounds)? else {
            continue;
        };
        let mut progress = Progress::new(escape(&repository.url), scope);
        writer.repository(
            written.len(),
            &entry,
            &store,
            &repository.url,
            &mut progress,
        )?;
        progress.finished();
        written.push(repository);
    }
    writer.text(END, &written.len().to_string())?;
    writer.finish()?;
    Ok(written)
}

struct Writer<'w> {
    archive: Builder<&'w mut File>,
    path: &'w Path,
    cancel: &'w CancelToken,
}

impl Writer<'_> {
    fn repository(
        &mut self,
        number: usize,
        entry: &Entry,
        store: &Store,
        url: &str,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let found = ObjectFiles::in_dir(store.dir());
        let found = found.map_err(|error| Error::io("cannot read", store.dir(), error))?;
        let packs: Vec<_> = found.packs().collect();
        let objects: Vec<_> = found
            .loose()
            .filter(|id| store.kind(*id).is_some())
            .collect();
        let head = entry
            .side_file(LAST_HEAD)
            .and_then(|head| String::from_utf8(head).ok());
        let head = RepositoryHead {
            url: url.to_owned(),
            head,
            packs: packs.len(),
            objects: objects.len(),
        };
        let head = serde_json::to_string(&head).expect("texts and numbers");
        self.text(&format!("{number}/{REPOSITORY}"), &head)?;
        for pack in packs {
            let name = pack.file_name().unwrap_or_default().to_string_lossy();
            self.pack(&format!("{number}/{name}"), pack, progress)?;
        }
        for id in objects {
            self.object(number, store, id)?;
        }
        Ok(())
    }

    fn pack(&mut self, name: &str, pack: &Path, progress: &mut Progress<'_>) -> Result<()> {
        let opened = File::open(pack).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (size, file) = opened.map_err(|error| Error::io("cannot read", pack, error))?;
        // A pack never changes. If fewer bytes come than its size says, it was cut off, which is an error.
        let mut content = Counted {
            file: file.take(size),
            progress,
            failed: None,
        };
        let appended = self.archive.append(&header(name, size), &mut content);
        if let Some(error) = content.failed {
            return Err(error);
        }
        self.cancel.check()?;
        if content.file.limit() > 0 {
            return Err(Error::io(
                "cannot read",
                pack,
                io::ErrorKind::UnexpectedEof.into(),
            ));
        }
        appended.map_err(|error| self.unwritten(error))
    }

    fn object(&mut self, number: usize, store: &Store, id: ObjectId) -> Result<()> {
        self.cancel.check()?;
        let appended = store.read(id, |kind, bytes| {
            let name = format!("{number}/{}-{id}", kind.str());
            self.archive
                .append(&header(&name, bytes.len() as u64), bytes)
        });
        match appended {
            Some(appended) => appended.map_err(|error| self.unwritten(error)),
            // It could be read a moment ago.
            None => Err(Error::io(
                "cannot read the objects in",
                store.dir(),
                io::ErrorKind::InvalidData.into(),
            )),
        }
    }

    fn text(&mut self, name: &str, text: &str) -> Result<()> {
        let text = format!("{text}\n");
        let header = header(name, text.len() as u64);
        let appended = self.archive.append(&header, text.as_bytes());
        appended.map_err(|error| self.unwritten(error))
    }

    fn finish(mut self) -> Result<()> {
        let finished = self.archive.finish();
        let flushed = finished.and_then(|()| self.archive.get_mut().flush());
        flushed.map_err(|error| self.unwritten(error))
    }

    fn unwritten(&self, error: io::Error) -> Error {
        Error::io("cannot write", self.path, error)
    }
}

/// A header without times and users, so that two exports of one cache are the same bytes.
fn header(name: &str, size: u64) -> Header {
    let mut header = Header::new_ustar();
    // The longest has two numbers and an id.
    header.set_path(name).expect("a short name");
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_mtime(0);
    header.set_size(size);
    header.set_cksum();
    header
}

/// Reports what passes, and ends it with a cancel.
struct Counted<'p, 'e> {
    file: io::Take<File>,
    progress: &'p mut Progress<'e>,
    failed: Option<Error>,
}

impl Read for Counted<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Err(cancelled) = self.progress.check() {
            self.failed = Some(cancelled);
            return Err(io::ErrorKind::Other.into());
        }
        let count = self.file.read(buffer)?;
        self.progress.received(count as u64);
        Ok(count)
    }
}
