//! A configuration file of another program, which may write it at any time.
//!
//! [`change()`] reads the file, lets the caller make its new content, and puts it in place in one
//! rename. A symbolic link stays a link: its target is replaced. What another program writes
//! meanwhile is not lost: the change starts over with it.
//!
//! ```text
//! .claude.json -> dotfiles/claude.json   the link stays
//! dotfiles/claude.json                   replaced, with its mode and owner
//! dotfiles/.atk-XXXXXX.tmp               the new content until then, the old one for a moment after
//! ```

mod replace;
mod target;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;

use crate::error::{Error, ErrorKind, Result};
use replace::Attempt;

/// Bytes of the largest file that is read: agents keep a history in theirs, of some megabytes.
const MAX_BYTES: u64 = 16 << 20;

/// How often a change starts over because another program changed the file.
const ATTEMPTS: usize = 3;

/// How long a program may take to write a file that it has just emptied. Node's `writeFile` takes
/// less than a millisecond for 100 kB.
const PAUSE: Duration = Duration::from_millis(50);

/// A configuration file as it was read.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    /// The path that the caller named.
    path: PathBuf,
    /// The file itself, where all symbolic links end.
    target: PathBuf,
    present: Option<Present>,
}

#[derive(Debug)]
struct Present {
    bytes: Vec<u8>,
    /// Permission bits.
    mode: u32,
    uid: u32,
    gid: u32,
}

/// What to do with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Leave it as it is.
    Nothing,
    /// Write these bytes. `is_private` takes all rights from everyone but the owner.
    Write { bytes: Vec<u8>, is_private: bool },
    /// Remove it.
    Remove,
}

/// A change that was made.
#[derive(Debug)]
pub(crate) struct Changed<T> {
    /// What the caller's function returned with the change.
    pub(crate) value: T,
    /// The directories that were created for the file, outermost first.
    pub(crate) created: Vec<PathBuf>,
}

impl ConfigFile {
    /// Reads a file, or finds that it does not exist.
    ///
    /// # Errors
    /// [`ErrorKind::Io`]: the file cannot be read, has more than 16 MiB, is neither a file nor a
    /// link to one, or its links go in a circle.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let target = target::of(path)?;
        let present = Present::read(&target)?;
        Ok(ConfigFile {
            path: path.to_owned(),
            target,
            present,
        })
    }

    /// True if the file exists.
    pub(crate) fn exists(&self) -> bool {
        self.present.is_some()
    }

    /// The bytes of the file; none if it does not exist.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.present
            .as_ref()
            .map_or(&[], |present| present.bytes.as_slice())
    }

    /// The path of the file itself, where all symbolic links end.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// True if the file is, or is no longer there, as it was read.
    fn is_unchanged(&self) -> Result<bool> {
        let present = Present::read(&target::of(&self.path)?)?;
        Ok(match (&self.present, &present) {
            (Some(read), Some(present)) => read.bytes == present.bytes,
            (None, None) => true,
            _ => false,
        })
    }
}

impl Present {
    fn read(target: &Path) -> Result<Option<Self>> {
        let refused = |why: &str| {
            let message = format!("cannot read `{}`: {why}", target.display());
            Error::new(ErrorKind::Io, message).with_path(target)
        };
        // A pipe would wait for its other end.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let opened = std::fs::OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(target);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("cannot open", target, error)),
        };
        let fail = |error| Error::io("cannot read", target, error);
        let metadata = file.metadata().map_err(fail)?;
        if !metadata.is_file() {
            return Err(refused("it is not a file"));
        }
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(fail)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(refused("it has more than 16 MiB"));
        }
        Ok(Some(Present {
            bytes,
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid(),
            gid: metadata.gid(),
        }))
    }
}

/// Changes a file. `edit` gets it as it was read and returns what to do, with a value for the
/// caller. It is called again, with the new content, if another program changes the file before the
/// change is in place, and also if it fails while another program is writing the file.
///
/// A new file has mode 0600, and directories that are created for it 0700.
///
/// # Errors
/// Those of `edit` and of [`ConfigFile::read`]; [`ErrorKind::Io`] if the file cannot be written, is
/// read-only, or was changed by another program three times.
pub(crate) fn change<T>(
    path: &Path,
    edit: impl FnMut(&ConfigFile) -> Result<(Change, T)>,
) -> Result<Changed<T>> {
    let mut created = Vec::new();
    match changed(path, edit, &mut created) {
        Ok(value) => Ok(Changed { value, created }),
        Err(error) => {
            remove_directories(&created);
            Err(error)
        }
    }
}

fn changed<T>(
    path: &Path,
    mut edit: impl FnMut(&ConfigFile) -> Result<(Change, T)>,
    created: &mut Vec<PathBuf>,
) -> Result<T> {
    for _ in 0..ATTEMPTS {
        let file = ConfigFile::read(path)?;
        // It may be empty only until another program has written it.
        if file.exists() && file.bytes().is_empty() {
            std::thread::sleep(PAUSE);
            if !file.is_unchanged()? {
                continue;
            }
        }
        let (change, value) = match edit(&file) {
            Ok(edited) => edited,
            Err(error) => {
                // Half of a file cannot be parsed.
                std::thread::sleep(PAUSE);
                if file.is_unchanged()? {
                    return Err(error);
                }
                continue;
            }
        };
        let attempt = match change {
            Change::Nothing => Attempt::Done,
            Change::Write { bytes, is_private } => {
                replace::write(&file, &bytes, is_private, created)?
            }
            Change::Remove => replace::remove(&file)?,
        };
        if let Attempt::Done = attempt {
            return Ok(value);
        }
    }
    let message = format!(
        "cannot change `{}`: another program keeps changing it",
        path.display()
    );
    Err(Error::new(ErrorKind::Io, message).with_path(path))
}

/// Removes directories that were created for a file, as far as they are empty.
pub(crate) fn remove_directories(created: &[PathBuf]) {
    for directory in created.iter().rev() {
        // One that holds something else, or is gone, is not ours any more.
        if std::fs::remove_dir(directory).is_err() {
            return;
        }
    }
}
