//! A directory that is worked in through its descriptor, so that no link is ever followed.

mod remove_tree;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::path::HomePath;
use crate::error::{Error, ErrorKind, Result};

/// An open directory.
///
/// Every method takes the name of an entry, not a path, and opens it with `O_NOFOLLOW`: a
/// symbolic link where a file or directory is expected is an error that names it. What happens to
/// the directory's own path meanwhile does not matter.
#[derive(Debug)]
pub(super) struct Dir {
    file: File,
    path: PathBuf,
}

/// The permission bits of an entry.
#[allow(clippy::useless_conversion, reason = "a mode has 16 bits on macOS")]
pub(super) fn permissions(stat: &Stat) -> u32 {
    u32::from(stat.st_mode) & 0o7777
}

/// Opens a directory itself, and never a link to one.
const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

impl Dir {
    /// Opens the directory at a path whose links have been resolved already.
    pub(super) fn open(path: &Path) -> Result<Dir> {
        let fd = rustix::fs::open(path, DIRECTORY, Mode::empty())
            .map_err(|errno| Error::io("cannot open", path, errno.into()))?;
        Ok(Dir {
            file: fd.into(),
            path: path.to_owned(),
        })
    }

    /// The path it was opened by, for messages.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a directory in this one; `None` if there is nothing of that name.
    pub(super) fn child(&self, name: &OsStr) -> Result<Option<Dir>> {
        match rustix::fs::openat(&self.file, name, DIRECTORY, Mode::empty()) {
            Ok(fd) => Ok(Some(Dir {
                file: fd.into(),
                path: self.path.join(name),
            })),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(self.refusal("cannot open", name, errno)),
        }
    }

    /// Opens a directory in this one, and creates it if it does not exist.
    pub(super) fn child_or_new(&self, name: &OsStr) -> Result<Dir> {
        if let Some(dir) = self.child(name)? {
            return Ok(dir);
        }
        match rustix::fs::mkdirat(&self.file, name, Mode::from_raw_mode(0o777)) {
            // Another process may have been faster.
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(self.refusal("cannot create", name, errno)),
        }
        self.child(name)?
            .ok_or_else(|| self.refusal("cannot open", name, Errno::NOENT))
    }

    /// Opens the directory below this one; `None` if some part of the path does not exist.
    pub(super) fn below(&self, path: &HomePath) -> Result<Option<Dir>> {
        let mut parts = path.parts();
        let mut dir = match parts.next() {
            Some(name) => self.child(name)?,
            None => None,
        };
        for name in parts {
            dir = match dir {
                Some(dir) => dir.child(name)?,
                None => return Ok(None),
            };
        }
        Ok(dir)
    }

    /// Opens the directory that a path's last part lies in, and makes what is missing of it.
    pub(super) fn parent_or_new(&self, path: &HomePath) -> Result<Dir> {
        let mut dir = self.duplicate()?;
        if let Some(parent) = path.parent() {
            for name in parent.parts() {
                dir = dir.child_or_new(name)?;
            }
        }
        Ok(dir)
    }

    pub(super) fn duplicate(&self) -> Result<Dir> {
        let file = self
            .file
            .try_clone()
            .map_err(|error| Error::io("cannot open", &self.path, error))?;
        Ok(Dir {
            file,
            path: self.path.clone(),
        })
    }

    /// Returns the metadata of an entry, or `None` if it does not exist. Links are not followed.
    pub(super) fn stat(&self, name: &OsStr) -> Result<Option<Stat>> {
        match rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(self.refusal("cannot read", name, errno)),
        }
    }

    /// Which mount the directory lies on, as far as the system tells; else its file system.
    #[allow(clippy::unnecessary_cast, reason = "types differ between systems")]
    pub(super) fn mount(&self) -> Result<(u64, u64)> {
        let device = self.stat_self()?.st_dev as u64;
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{StatxFlags, statx};
            let flags = StatxFlags::MNT_ID;
            // Linux before 5.8 knows no such number.
            if let Ok(stat) = statx(&self.file, c"", AtFlags::EMPTY_PATH, flags)
                && StatxFlags::from_bits_retain(stat.stx_mask).contains(flags)
            {
                return Ok((device, stat.stx_mnt_id));
            }
        }
        Ok((device, 0))
    }

    /// What the directory itself is.
    pub(super) fn stat_self(&self) -> Result<Stat> {
        rustix::fs::fstat(&self.file)
            .map_err(|errno| Error::io("cannot read", &self.path, errno.into()))
    }

    pub(super) fn exists(&self, name: &OsStr) -> Result<bool> {
        Ok(self.stat(name)?.is_some())
    }

    /// The names of all entries, in order.
    pub(super) fn names(&self) -> Result<Vec<OsString>> {
        let fail = |errno: Errno| Error::io("cannot list", &self.path, errno.into());
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.file).map_err(fail)? {
            let name = entry.map_err(fail)?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Opens a regular file; `None` if there is nothing. Anything else there (a link, a pipe) is
    /// an error.
    pub(super) fn open_file(&self, name: &OsStr, flags: OFlags) -> Result<Option<File>> {
        // A pipe without a writer must not block the open.
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.file, name, flags, Mode::from_raw_mode(0o600)) {
            Ok(fd) => {
                let stat = rustix::fs::fstat(&fd)
                    .map_err(|errno| self.refusal("cannot read", name, errno))?;
                match FileType::from_raw_mode(stat.st_mode) {
                    FileType::RegularFile => Ok(Some(fd.into())),
                    _ => Err(self.not_a_file(name)),
                }
            }
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(self.refusal("cannot open", name, errno)),
        }
    }

    pub(super) fn into_file(self) -> File {
        self.file
    }

    /// The open directory.
    pub(super) fn as_file(&self) -> &File {
        &self.file
    }

    /// The bytes of a regular file; `None` if there is nothing.
    pub(super) fn read(&self, name: &OsStr) -> Result<Option<Vec<u8>>> {
        let Some(mut file) = self.open_file(name, OFlags::RDONLY)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| Error::io("cannot read", &self.path.join(name), error))?;
        Ok(Some(bytes))
    }

    /// Writes a new file and syncs it. `exact` is its mode whatever the umask says; otherwise
    /// it is 0644 less the umask.
    pub(super) fn write_new(&self, name: &OsStr, bytes: &[u8], exact: Option<u32>) -> Result<()> {
        self.write_new_with(name, exact, |file| file.write_all(bytes))
    }

    fn write_new_with(
        &self,
        name: &OsStr,
        exact: Option<u32>,
        write: impl FnOnce(&mut File) -> std::io::Result<()>,
    ) -> Result<()> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = if exact.is_some() { 0o600 } else { 0o644 };
        let fd = rustix::fs::openat(&self.file, name, flags, Mode::from_raw_mode(mode))
            .map_err(|errno| self.refusal("cannot create", name, errno))?;
        let mut file = File::from(fd);
        let written = write(&mut file)
            .and_then(|()| match exact {
                Some(mode) => file.set_permissions(std::fs::Permissions::from_mode(mode)),
                None => Ok(()),
            })
            .and_then(|()| file.sync_all());
        written.map_err(|error| Error::io("cannot write", &self.path.join(name), error))
    }

    /// What a link names.
    pub(super) fn link_target(&self, name: &OsStr) -> Result<Vec<u8>> {
        let target = rustix::fs::readlinkat(&self.file, name, Vec::new())
            .map_err(|errno| self.refusal("cannot read", name, errno))?;
        Ok(target.into_bytes())
    }

    /// Copies a file with its mode, or a link, to where nothing is, and syncs the copy.
    pub(super) fn copy(&self, name: &OsStr, to: &Dir, new: &OsStr) -> Result<()> {
        let stat = self.stat(name)?;
        if stat.is_some_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink) {
            let target = OsString::from_vec(self.link_target(name)?);
            return rustix::fs::symlinkat(target, &to.file, new)
                .map_err(|errno| to.refusal("cannot create", new, errno));
        }
        let mut from = self
            .open_file(name, OFlags::RDONLY)?
            .ok_or_else(|| self.refusal("cannot read", name, Errno::NOENT))?;
        let mode = stat.map_or(0o600, |stat| permissions(&stat));
        // In pieces, or as a clone of its blocks: the file may be larger than the memory.
        to.write_new_with(new, Some(mode), |to| {
            std::io::copy(&mut from, to).map(|_| ())
        })
    }

    /// Makes a directory where nothing is. The umask applies to `mode`.
    pub(super) fn make(&self, name: &OsStr, mode: u32) -> Result<()> {
        let mode = Mode::from_raw_mode(mode as rustix::fs::RawMode);
        match rustix::fs::mkdirat(&self.file, name, mode) {
            Ok(()) => Ok(()),
            Err(errno) => Err(self.refusal("cannot create", name, errno)),
        }
    }

    /// Gives a file a second name where nothing is.
    pub(super) fn link(&self, name: &OsStr, to: &Dir, new: &OsStr) -> Result<(), Errno> {
        rustix::fs::linkat(&self.file, name, &to.file, new, AtFlags::empty())
    }

    /// Moves an entry to where nothing is.
    pub(super) fn rename_new(&self, name: &OsStr, to: &Dir, new: &OsStr) -> Result<()> {
        self.try_rename_new(name, to, new)
            .map_err(|errno| self.move_refusal(name, to, new, errno))
    }

    /// Like [`Dir::rename_new`], for who can do without.
    pub(super) fn try_rename_new(&self, name: &OsStr, to: &Dir, new: &OsStr) -> Result<(), Errno> {
        rename_noreplace(&self.file, name, &to.file, new)
    }

    /// The error of a move that was refused.
    pub(super) fn move_refusal(&self, name: &OsStr, to: &Dir, new: &OsStr, errno: Errno) -> Error {
        match errno {
            Errno::EXIST | Errno::NOTEMPTY => to.refusal("cannot create", new, Errno::EXIST),
            errno => self.refusal("cannot move", name, errno),
        }
    }

    /// Lets the owner of a directory read and change it; `mode` is what it has.
    pub(super) fn allow_all(&self, name: &OsStr, mode: u32) -> Result<()> {
        if mode & 0o700 == 0o700 {
            return Ok(());
        }
        let wanted = Mode::from_raw_mode((mode | 0o700) as rustix::fs::RawMode);
        rustix::fs::chmodat(&self.file, name, wanted, AtFlags::empty())
            .map_err(|errno| self.refusal("cannot change", name, errno))
    }

    /// True if two files of the same size have the same bytes.
    pub(super) fn has_same_content(&self, name: &OsStr, other: &Dir, new: &OsStr) -> Result<bool> {
        let open = |dir: &Dir, name: &OsStr| {
            let file = dir.open_file(name, OFlags::RDONLY)?;
            let file = file.ok_or_else(|| dir.refusal("cannot read", name, Errno::NOENT))?;
            Ok::<_, Error>(std::io::BufReader::with_capacity(1 << 16, file))
        };
        let (mut one, mut two) = (open(self, name)?, open(other, new)?);
        let io = |error| Error::io("cannot read", &self.path.join(name), error);
        loop {
            let (a, b) = (one.fill_buf().map_err(io)?, two.fill_buf().map_err(io)?);
            let length = a.len().min(b.len());
            if length == 0 {
                return Ok(a.len() == b.len());
            }
            if a[..length] != b[..length] {
                return Ok(false);
            }
            one.consume(length);
            two.consume(length);
        }
    }

    /// Moves a file over another, atomically.
    pub(super) fn rename_over(&self, name: &OsStr, to: &Dir, new: &OsStr) -> Result<()> {
        rustix::fs::renameat(&self.file, name, &to.file, new)
            .map_err(|errno| to.refusal("cannot replace", new, errno))
    }

    /// Removes a file or link; nothing to do if it is gone.
    pub(super) fn unlink(&self, name: &OsStr) -> Result<()> {
        match rustix::fs::unlinkat(&self.file, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(self.refusal("cannot remove", name, errno)),
        }
    }

    /// Removes an empty directory. False if it holds something or is no directory.
    pub(super) fn remove_empty(&self, name: &OsStr) -> Result<bool> {
        match rustix::fs::unlinkat(&self.file, name, AtFlags::REMOVEDIR) {
            Ok(()) => Ok(true),
            Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => Ok(false),
            Err(errno) => Err(self.refusal("cannot remove", name, errno)),
        }
    }

    /// Sets the directory's own mode.
    pub(super) fn set_mode(&self, mode: u32) -> Result<()> {
        self.file
            .set_permissions(std::fs::Permissions::from_mode(mode))
            .map_err(|error| Error::io("cannot change", &self.path, error))
    }

    /// Waits until an entry is on the disk, with all that is in it.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn sync_tree(&self, name: &OsStr) -> Result<()> {
        let Some(stat) = self.stat(name)? else {
            return Ok(());
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => {
                if let Some(dir) = self.child(name)? {
                    for name in dir.names()? {
                        dir.sync_tree(&name)?;
                    }
                    dir.sync()?;
                }
                Ok(())
            }
            FileType::RegularFile => match self.open_file(name, OFlags::RDONLY)? {
                Some(file) => file
                    .sync_all()
                    .map_err(|error| Error::io("cannot sync", &self.path.join(name), error)),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Waits until an entry is on the disk, with all that is in it.
    pub(super) fn sync_all_below(&self, name: &OsStr) -> Result<()> {
        #[cfg(target_os = "linux")]
        {
            // One call for all files: a sync of each would take a journal commit each.
            let _ = name;
            self.sync_file_system()
        }
        #[cfg(not(target_os = "linux"))]
        self.sync_tree(name)
    }

    /// Waits until the directory's entries are on the disk.
    pub(super) fn sync(&self) -> Result<()> {
        self.file
            .sync_all()
            .map_err(|error| Error::io("cannot sync", &self.path, error))
    }

    /// Waits until all that was written to the directory's file system is on the disk.
    #[cfg(target_os = "linux")]
    pub(super) fn sync_file_system(&self) -> Result<()> {
        rustix::fs::syncfs(&self.file)
            .map_err(|errno| Error::io("cannot sync", &self.path, errno.into()))
    }

    /// The error of a refused call; a symbolic link in the way is named as such.
    pub(super) fn refusal(&self, message: &str, name: &OsStr, errno: Errno) -> Error {
        let path = self.path.join(name);
        let link = matches!(errno, Errno::LOOP | Errno::NOTDIR | Errno::MLINK)
            && rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW)
                .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink);
        if link {
            return Error::new(
                ErrorKind::HomeInvalid,
                format!(
                    "`{}` is a symbolic link, which is not followed here",
                    crate::text::escape(&path.to_string_lossy())
                ),
            )
            .with_path(path)
            .with_help(
                "replace the link with its target; only `custom` in a plugin directory may \
                 be a link",
            );
        }
        Error::io(message, &path, errno.into())
    }

    fn not_a_file(&self, name: &OsStr) -> Error {
        let path = self.path.join(name);
        Error::new(
            ErrorKind::HomeInvalid,
            format!(
                "`{}` is not a regular file",
                crate::text::escape(&path.to_string_lossy())
            ),
        )
        .with_path(path)
    }
}

/// Renames, but never over something: the kernel checks that where it can.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_noreplace(from: &File, name: &OsStr, to: &File, new: &OsStr) -> Result<(), Errno> {
    let flags = rustix::fs::RenameFlags::NOREPLACE;
    match rustix::fs::renameat_with(from, name, to, new, flags) {
        // Some file systems do not know the flag.
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => rename_after_look(from, name, to, new),
        done => done,
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
use rename_after_look as rename_noreplace;

fn rename_after_look(from: &File, name: &OsStr, to: &File, new: &OsStr) -> Result<(), Errno> {
    match rustix::fs::statat(to, new, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(_) => Err(Errno::EXIST),
        Err(Errno::NOENT) => rustix::fs::renameat(from, name, to, new),
        Err(errno) => Err(errno),
    }
}

#[cfg(test)]
mod tests;
