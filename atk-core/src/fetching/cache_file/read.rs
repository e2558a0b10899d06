//! Reads the file into a cache.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use git2::ObjectType;
use tar::{Archive, Entries, Entry as TarEntry, EntryType};

use super::{END, FORMAT, KINDS, REPOSITORY, RepositoryHead, VERSION};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::bounds::Bounds;
use crate::fetching::entry::Entry;
use crate::fetching::object::ObjectId;
use crate::fetching::pack::PackWriter;
use crate::fetching::progress::Progress;
use crate::fetching::remote::{LAST_HEAD, is_newer_head};
use crate::fetching::staging::Staging;
use crate::fetching::store::{Store, is_too_large};
use crate::host::Scope;
use crate::text::escape;

/// The largest text, in bytes.
const TEXT_BYTES: u64 = 64 << 10;
/// What is read of a pack at once, in bytes.
const CHUNK: usize = 64 << 10;

/// Adds the repositories of a file to a cache, each pack as a whole or not at all; gives their URLs. The
/// file's path is for errors.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if it is no such file, or cut off; [`ErrorKind::GitFailed`] for a pack that
/// is damaged or beyond the bounds; [`ErrorKind::Io`], [`ErrorKind::Cancelled`].
pub(crate) fn read(
    (file, path): (File, &Path),
    cache_dir: &Path,
    bounds: &Bounds,
    scope: Scope<'_>,
) -> Result<Vec<String>> {
    let mut archive = Archive::new(file);
    let opened = archive.entries();
    let opened = opened.map_err(|error| Error::io("cannot read", path, error))?;
    let mut reader = Reader {
        // Without extensions of tar, which can give an entry another name or size.
        entries: opened.raw(true),
        path,
        scope,
    };
    reader.begin()?;
    let mut urls = Vec::new();
    loop {
        let mut part = reader.part()?;
        if part.name == END {
            let count = part.text()?;
            return match count.parse() == Ok(urls.len()) {
                true => Ok(urls),
                false => Err(damaged(path, "repositories are missing")),
            };
        }
        if part.name != format!("{}/{REPOSITORY}", urls.len()) {
            return Err(part.unexpected());
        }
        let head: RepositoryHead = serde_json::from_str(&part.text()?)
            .map_err(|cause| damaged(path, &format!("`{}` is malformed: {cause}", part.name)))?;
        let added = reader.repository(&head, cache_dir, bounds);
        added.map_err(|error| match error.kind() {
            ErrorKind::GitFailed => {
                let message = format!("the repository `{}`: {error}", escape(&head.url));
                damaged(path, &message).with_url(&head.url)
            }
            _ => error,
        })?;
        urls.push(head.url);
    }
}

struct Reader<'r> {
    entries: Entries<'r, File>,
    path: &'r Path,
    scope: Scope<'r>,
}

/// An entry of the archive.
struct Part<'p> {
    name: String,
    content: TarEntry<'p, File>,
    path: &'p Path,
}

impl<'r> Reader<'r> {
    /// Reads what says that this is such a file.
    fn begin(&mut self) -> Result<()> {
        let path = self.path;
        let foreign = || {
            let shown = escape(&path.to_string_lossy());
            let message = format!("`{shown}` is not an export of an object cache");
            Error::new(ErrorKind::InvalidArgument, message)
                .with_path(path)
                .with_help("make one with `atk cache export <FILE>`")
        };
        let first = self.part();
        let mut first = first.map_err(|error| match error.kind() {
            ErrorKind::Cancelled => error,
            _ => foreign(),
        })?;
        if first.name != FORMAT {
            return Err(foreign());
        }
        match first.text()? {
            version if version == VERSION => Ok(()),
            version => Err(damaged(
                path,
                &format!(
                    "its format has the version `{}`, and this ATK reads version {VERSION}",
                    escape(&version)
                ),
            )),
        }
    }

    /// The next entry. There must be one: the last ends the file.
    fn part(&mut self) -> Result<Part<'r>> {
        self.scope.cancel.check()?;
        let content = match self.entries.next() {
            Some(next) => next.map_err(|error| unreadable(self.path, error))?,
            None => return Err(damaged(self.path, "it is cut off")),
        };
        let name = String::from_utf8_lossy(&content.path_bytes()).into_owned();
        let part = Part {
            name,
            content,
            path: self.path,
        };
        match part.content.header().entry_type() {
            EntryType::Regular => Ok(part),
            _ => Err(part.unexpected()),
        }
    }

    fn repository(
        &mut self,
        head: &RepositoryHead,
        cache_dir: &Path,
        bounds: &Bounds,
    ) -> Result<()> {
        let (entry, store) = Entry::open(cache_dir, &head.url, bounds)?;
        let mut progress = Progress::new(escape(&head.url), self.scope);
        for _ in 0..head.packs {
            self.part()?.pack(&store, &mut progress)?;
        }
        self.objects(head.objects, &store)?;
        progress.finished();
        if let Some(text) = &head.head
            && is_newer_head(text, entry.side_file(LAST_HEAD).as_deref())
        {
            entry.put_side_file(LAST_HEAD, text.as_bytes())?;
        }
        Ok(())
    }

    /// Adds objects that are in no pack.
    fn objects(&mut self, count: usize, store: &Store) -> Result<()> {
        if count == 0 {
            return Ok(());
        }
        let staging = Staging::new(store)?;
        let mut options = git2::RepositoryInitOptions::new();
        options.bare(true).no_reinit(true).external_template(false);
        let made = git2::Repository::init_opts(staging.dir(), &options);
        let repository = made.map_err(|error| unwritten(store, error))?;
        let odb = repository.odb().map_err(|error| unwritten(store, error))?;
        for _ in 0..count {
            let mut part = self.part()?;
            let (kind, id) = part.object()?;
            if is_too_large(kind, part.content.size(), store.bounds().blob) {
                return Err(part.unexpected());
            }
            let mut bytes = Vec::new();
            let read = part.content.read_to_end(&mut bytes);
            read.map_err(|error| unreadable(self.path, error))?;
            let written = odb.write(kind, &bytes);
            if written.map_err(|error| unwritten(store, error))? != id.0 {
                return Err(damaged(self.path, &format!("`{}` is damaged", part.name)));
            }
        }
        drop(odb);
        staging.check_and_adopt(self.scope.cancel)
    }
}

impl Part<'_> {
    fn text(&mut self) -> Result<String> {
        if self.content.size() > TEXT_BYTES {
            return Err(self.unexpected());
        }
        let mut text = String::new();
        let read = self.content.read_to_string(&mut text);
        read.map_err(|error| unreadable(self.path, error))?;
        Ok(text.trim_end().to_owned())
    }

    fn pack(mut self, store: &Store, progress: &mut Progress<'_>) -> Result<()> {
        if !self.name.ends_with(".pack") {
            return Err(self.unexpected());
        }
        let mut writer = PackWriter::new(store, progress)?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let count = self.content.read(&mut chunk);
            match count.map_err(|error| unreadable(self.path, error))? {
                0 => return writer.finish(),
                count => writer.write(chunk.get(..count).unwrap_or_default())?,
            };
        }
    }

    /// The kind and the id that the name has.
    fn object(&self) -> Result<(ObjectType, ObjectId)> {
        let name = self
            .name
            .split_once('/')
            .and_then(|(_, name)| name.split_once('-'));
        let read = name.and_then(|(kind, id)| {
            let kind = KINDS.into_iter().find(|one| one.str() == kind)?;
            Some((kind, ObjectId::parse(id)?))
        });
        read.ok_or_else(|| self.unexpected())
    }

    fn unexpected(&self) -> Error {
        damaged(
            self.path,
            &format!("`{}` should not be there", escape(&self.name)),
        )
    }
}

fn damaged(path: &Path, why: &str) -> Error {
    let shown = escape(&path.to_string_lossy());
    Error::new(
        ErrorKind::InvalidArgument,
        format!("`{shown}` cannot be imported: {why}"),
    )
    .with_path(path)
    .with_help("export the cache again; what was imported so far is whole")
}

/// The archive says that it is damaged by errors of its own.
fn unreadable(path: &Path, error: io::Error) -> Error {
    match error.raw_os_error() {
        Some(_) => Error::io("cannot read", path, error),
        None => damaged(path, &escape(&error.to_string())),
    }
}

fn unwritten(store: &Store, error: git2::Error) -> Error {
    Error::new(ErrorKind::Io, "cannot write to the object cache")
        .with_path(store.dir())
        .with_cause(error)
}
