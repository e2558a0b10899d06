//! Reading a file below the home with one look-up, where the system can promise that no link is
//! followed on the way. Listing a thousand plugins reads a thousand files.

use std::fs::File;
use std::io::Read;

use super::path::HomePath;
use super::root::Root;

/// The bytes of a regular file; `Ok(None)` if there is nothing, `Err` where only a look at each
/// part of the path can tell what is wrong.
#[cfg(target_os = "linux")]
pub(super) fn read(root: &Root, path: &HomePath) -> Result<Option<Vec<u8>>, Unclear> {
    use rustix::fs::{Mode, OFlags, ResolveFlags};
    use rustix::io::Errno;

    if root.is_outside(path) {
        return Err(Unclear);
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    match rustix::fs::openat2(
        root.as_file(),
        path.as_path(),
        flags,
        Mode::empty(),
        resolve,
    ) {
        Ok(fd) => contents(fd.into()).map(Some),
        Err(Errno::NOENT) => Ok(None),
        Err(_) => Err(Unclear),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn read(_: &Root, _: &HomePath) -> Result<Option<Vec<u8>>, Unclear> {
    Err(Unclear)
}

/// The quick way does not say what is there.
#[derive(Debug)]
pub(super) struct Unclear;

/// What a small file holds is read at once, and its kind is not asked for: a directory cannot be
/// read, and a pipe without a writer, opened without blocking, is empty. Anything empty or
/// large is looked at closely.
#[cfg(target_os = "linux")]
fn contents(mut file: File) -> Result<Vec<u8>, Unclear> {
    let mut bytes = [0; 4096];
    let read = file.read(&mut bytes).map_err(|_| Unclear)?;
    match bytes.get(..read) {
        Some(small) if !small.is_empty() && read < bytes.len() => Ok(small.to_vec()),
        Some(_) | None => Err(Unclear),
    }
}
