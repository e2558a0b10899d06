//! Keeps the model of the disk while an operation runs.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use nix::libc;
use nix::unistd::Pid;

use crate::calls::{Call, file_of, text};
use crate::disk::{Author, Disk};
use crate::trace::Watch;

type Place = (usize, OsString);

/// What a call does to the disk, if it succeeds.
enum Doing {
    Make(Place),
    Change(Vec<(usize, OsString, Option<usize>)>),
    Sync(usize),
    SyncAll,
}

/// A change of names that is about to be made.
pub(crate) struct Move {
    pub(crate) from: Option<PathBuf>,
    pub(crate) to: Option<PathBuf>,
    pub(crate) by: Author,
}

pub(crate) struct Watcher<'w> {
    pub(crate) disk: Disk,
    doing: HashMap<Pid, (Doing, Author)>,
    at_count: &'w mut dyn FnMut(usize, &str, &Disk),
    at_move: &'w mut dyn FnMut(&Move, &Disk),
}

impl<'w> Watcher<'w> {
    pub(crate) fn new(
        root: &Path,
        at_count: &'w mut dyn FnMut(usize, &str, &Disk),
        at_move: &'w mut dyn FnMut(&Move, &Disk),
    ) -> Watcher<'w> {
        Watcher {
            disk: Disk::of(root),
            doing: HashMap::new(),
            at_count,
            at_move,
        }
    }

    /// Something of this name comes, or is written.
    fn make(&mut self, path: &Path, by: Author) -> Option<Doing> {
        let place = self.disk.locate(path)?;
        if let Some(id) = self.disk.entry(place.0, &place.1) {
            self.disk.written(id, by);
        }
        Some(Doing::Make(place))
    }

    fn rename(&mut self, from: &Path, to: &Path, by: Author, exchange: bool) -> Option<Doing> {
        let places = (self.disk.locate(from), self.disk.locate(to));
        (self.at_move)(
            &Move {
                from: Some(from.to_owned()),
                to: Some(to.to_owned()),
                by,
            },
            &self.disk,
        );
        let (from, to) = match places {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => return self.remove_place(from),
            (None, Some(to)) => return Some(Doing::Make(to)),
            (None, None) => return None,
        };
        let moved = self.disk.entry(from.0, &from.1)?;
        let old = self.disk.entry(to.0, &to.1);
        if let Some(old) = old.filter(|_| !exchange) {
            self.disk.keep(old);
        }
        Some(Doing::Change(vec![
            (from.0, from.1, old.filter(|_| exchange)),
            (to.0, to.1, Some(moved)),
        ]))
    }

    fn remove(&mut self, path: &Path, by: Author) -> Option<Doing> {
        let place = self.disk.locate(path)?;
        (self.at_move)(
            &Move {
                from: Some(path.to_owned()),
                to: None,
                by,
            },
            &self.disk,
        );
        self.remove_place(place)
    }

    fn remove_place(&mut self, place: Place) -> Option<Doing> {
        let id = self.disk.entry(place.0, &place.1)?;
        self.disk.keep(id);
        Some(Doing::Change(vec![(place.0, place.1, None)]))
    }

    fn link(&self, from: &Path, to: &Path) -> Option<Doing> {
        let (from, to) = (self.disk.locate(from)?, self.disk.locate(to)?);
        let id = self.disk.entry(from.0, &from.1)?;
        Some(Doing::Change(vec![(to.0, to.1, Some(id))]))
    }

    fn open(&mut self, path: &Path, flags: u64, by: Author) -> Option<Doing> {
        let has = |flag: i32| flags & flag as u64 == flag as u64;
        if has(libc::O_TMPFILE) {
            return None;
        }
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let path = if has(libc::O_NOFOLLOW) { path } else { &target };
        let writes = flags & libc::O_ACCMODE as u64 != libc::O_RDONLY as u64;
        (writes || has(libc::O_CREAT)).then(|| self.make(path, by))?
    }

    fn doing(&mut self, thread: Pid, call: &Call, by: Author) -> Option<Doing> {
        let a = &call.arguments;
        let at = |directory: u64, path: u64| path_of(thread, Some(directory), path);
        let here = |path: u64| path_of(thread, None, path);
        match call.number {
            libc::SYS_rename => self.rename(&here(a[0])?, &here(a[1])?, by, false),
            libc::SYS_renameat => self.rename(&at(a[0], a[1])?, &at(a[2], a[3])?, by, false),
            libc::SYS_renameat2 => {
                let exchange = a[4] & u64::from(libc::RENAME_EXCHANGE) != 0;
                self.rename(&at(a[0], a[1])?, &at(a[2], a[3])?, by, exchange)
            }
            libc::SYS_unlink | libc::SYS_rmdir => self.remove(&here(a[0])?, by),
            libc::SYS_unlinkat => self.remove(&at(a[0], a[1])?, by),
            libc::SYS_link => self.link(&here(a[0])?, &here(a[1])?),
            libc::SYS_linkat => self.link(&at(a[0], a[1])?, &at(a[2], a[3])?),
            libc::SYS_mkdir | libc::SYS_creat => self.make(&here(a[0])?, by),
            libc::SYS_mkdirat => self.make(&at(a[0], a[1])?, by),
            libc::SYS_symlink => self.make(&here(a[1])?, by),
            libc::SYS_symlinkat => self.make(&at(a[1], a[2])?, by),
            libc::SYS_open => self.open(&here(a[0])?, a[1], by),
            libc::SYS_openat => self.open(&at(a[0], a[1])?, a[2], by),
            libc::SYS_fsync | libc::SYS_fdatasync => {
                Some(Doing::Sync(self.disk.find(&file_of(thread, a[0])?)?))
            }
            libc::SYS_syncfs => Some(Doing::SyncAll),
            libc::SYS_write
            | libc::SYS_writev
            | libc::SYS_pwrite64
            | libc::SYS_sendfile
            | libc::SYS_ftruncate => self.write(thread, a[0], by),
            libc::SYS_copy_file_range => self.write(thread, a[2], by),
            _ => None,
        }
    }

    fn write(&mut self, thread: Pid, descriptor: u64, by: Author) -> Option<Doing> {
        let id = self.disk.find(&file_of(thread, descriptor)?)?;
        self.disk.written(id, by);
        None
    }
}

impl Watch for Watcher<'_> {
    fn counts(&mut self, number: usize, shown: &str) {
        (self.at_count)(number, shown, &self.disk);
    }

    fn enters(&mut self, thread: Pid, call: &Call, own: bool) {
        let by = if own { Author::Atk } else { author(thread) };
        if let Some(doing) = self.doing(thread, call, by) {
            self.doing.insert(thread, (doing, by));
        }
    }

    fn leaves(&mut self, thread: Pid, result: i64) {
        let Some((doing, by)) = self.doing.remove(&thread).filter(|_| result >= 0) else {
            return;
        };
        match doing {
            Doing::Make((parent, name)) => self.disk.made(parent, &name, by),
            Doing::Change(entries) => self.disk.change(entries, by),
            Doing::Sync(id) => self.disk.sync(id),
            Doing::SyncAll => self.disk.sync_all(),
        }
    }
}

/// The path that a call names, from its working directory or from an open one.
fn path_of(thread: Pid, directory: Option<u64>, address: u64) -> Option<PathBuf> {
    let path = PathBuf::from(text(thread, address));
    if path.is_absolute() {
        return Some(path);
    }
    let from = match directory {
        Some(descriptor) if descriptor as i32 != libc::AT_FDCWD => file_of(thread, descriptor)?,
        _ => fs::read_link(format!("/proc/{thread}/cwd")).ok()?,
    };
    Some(from.join(path))
}

fn author(thread: Pid) -> Author {
    let program = fs::read_link(format!("/proc/{thread}/exe")).unwrap_or_default();
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    if name.contains("atk") {
        Author::Atk
    } else if name.starts_with("git") {
        Author::Git
    } else {
        Author::Other
    }
}
