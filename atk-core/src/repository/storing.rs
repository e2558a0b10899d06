//! Storing files as blobs: in pieces, with progress, until a cancel.

use std::fs::{File, Metadata};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use git2::{IndexEntry, IndexTime, ObjectType};

use super::failure;
use crate::error::Result;
use crate::host::{Event, Scope};

/// From which size on libgit2 is not left alone with a file: it hears no cancel within one.
const LARGE: u64 = 8 << 20;

/// How much is stored between two looks at the cancel.
const PIECE: usize = 256 << 10;

/// Who waits no longer than that needs no progress.
const SILENT: Duration = Duration::from_millis(500);

/// At most 20 events a second.
const PAUSE: Duration = Duration::from_millis(50);

/// The files of one commit, on their way into the object database.
pub(super) struct Storing<'s> {
    scope: Scope<'s>,
    /// What the progress is of.
    paths: &'s [&'s Path],
    begun: Instant,
    reported: Option<Instant>,
    bytes: u64,
    objects: u64,
}

impl<'s> Storing<'s> {
    pub(super) fn begin(scope: Scope<'s>, paths: &'s [&'s Path]) -> Self {
        Storing {
            scope,
            paths,
            begun: Instant::now(),
            reported: None,
            bytes: 0,
            objects: 0,
        }
    }

    /// Stores a file, link or submodule and puts it into the index.
    ///
    /// # Errors
    /// Whatever error it is, a cancel is looked for by the caller.
    pub(super) fn add(
        &mut self,
        repository: &git2::Repository,
        index: &mut git2::Index,
        root: &Path,
        path: &Path,
    ) -> Result<(), git2::Error> {
        let full = root.join(path);
        let metadata = full.symlink_metadata().map_err(|error| io(&full, &error))?;
        if metadata.is_file() && metadata.len() >= LARGE {
            if !is_unchanged(index, path, &metadata) {
                let entry = self.store(repository, &full, path)?;
                index.add(&entry)?;
            }
        } else {
            index.add_path(path)?;
            self.bytes += metadata.len();
        }
        self.objects += 1;
        self.went_on(path)
    }

    fn store(
        &mut self,
        repository: &git2::Repository,
        full: &Path,
        path: &Path,
    ) -> Result<IndexEntry, git2::Error> {
        let failed = |error: std::io::Error| io(full, &error);
        let mut file = File::open(full).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let odb = repository.odb()?;
        let size = usize::try_from(metadata.len())
            .map_err(|_| git2::Error::from_str("a file is too large for this machine"))?;
        let mut blob = odb.writer(size, ObjectType::Blob)?;
        let mut piece = vec![0; PIECE];
        let mut left = size;
        while left > 0 {
            let read = file.read(&mut piece).map_err(failed)?.min(left);
            if read == 0 {
                break;
            }
            blob.write_all(piece.get(..read).unwrap_or_default())
                .map_err(failed)?;
            left -= read;
            self.bytes += read as u64;
            self.went_on(path)?;
        }
        if left > 0 {
            let error = std::io::Error::other("it became shorter while it was read");
            return Err(io(full, &error));
        }
        Ok(entry(path, &metadata, blob.finalize()?))
    }

    /// Reports what is stored, if it takes long enough. Fails once it is cancelled.
    fn went_on(&mut self, path: &Path) -> Result<(), git2::Error> {
        if self.scope.cancel.is_cancelled() {
            return Err(git2::Error::from_str("cancelled"));
        }
        let is_due = self.reported.is_none_or(|last| last.elapsed() >= PAUSE);
        if is_due && self.begun.elapsed() >= SILENT {
            self.reported = Some(Instant::now());
            let of = self.paths.iter().find(|above| path.starts_with(above));
            (self.scope.report)(Event::Progress {
                source: of.unwrap_or(&path).to_string_lossy().into_owned(),
                bytes: self.bytes,
                objects: self.objects,
                total_objects: None,
            });
        }
        Ok(())
    }
}

/// True if the index has the file as it is, by all that the file system tells of it. That does not
/// count for a file that changed as late as the index: it may have changed once more since.
fn is_unchanged(index: &git2::Index, path: &Path, metadata: &Metadata) -> bool {
    let Some(known) = index.get_path(path, 0) else {
        return false;
    };
    let written = index
        .path()
        .and_then(|file| file.metadata().ok())
        .map(|file| (file.mtime(), file.mtime_nsec()));
    let now = entry(path, metadata, known.id);
    let same = |entry: &IndexEntry| {
        (
            (entry.mtime.seconds(), entry.mtime.nanoseconds()),
            (entry.ctime.seconds(), entry.ctime.nanoseconds()),
            (entry.ino, entry.file_size, entry.mode),
        )
    };
    same(&known) == same(&now)
        && written.is_some_and(|written| written > (metadata.mtime(), metadata.mtime_nsec()))
}

/// An entry of the index, as git makes it: it keeps the lower 32 bits of each number.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "git does so"
)]
fn entry(path: &Path, metadata: &Metadata, id: git2::Oid) -> IndexEntry {
    use std::os::unix::ffi::OsStrExt;
    let time = |seconds: i64, nanoseconds: i64| IndexTime::new(seconds as i32, nanoseconds as u32);
    IndexEntry {
        ctime: time(metadata.ctime(), metadata.ctime_nsec()),
        mtime: time(metadata.mtime(), metadata.mtime_nsec()),
        dev: metadata.dev() as u32,
        ino: metadata.ino() as u32,
        mode: match metadata.mode() & 0o100 {
            0 => 0o100_644,
            _ => 0o100_755,
        },
        uid: metadata.uid(),
        gid: metadata.gid(),
        file_size: metadata.len() as u32,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_os_str().as_bytes().to_vec(),
    }
}

fn io(path: &Path, error: &std::io::Error) -> git2::Error {
    git2::Error::from_str(&format!("`{}`: {error}", failure::shown(path)))
}
