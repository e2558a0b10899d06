//! Reads an MCP bundle, a zip archive. Nothing in it is trusted.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::new_directory::NewFile;
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::bundled::{BundledFile, check};
use crate::host::CancelToken;
use crate::model::limits::Limits;
use crate::text::escape;

/// The first bytes of a zip archive.
const MAGIC: [u8; 4] = *b"PK\x03\x04";
/// Bytes of a bundle, packed and unpacked. It is in memory until it is written.
const LARGEST: u64 = 64 << 20;
/// What says how the server is started.
const MANIFEST: &str = "manifest.json";

/// The files of a bundle.
pub(crate) struct Bundle {
    pub(crate) manifest: Vec<u8>,
    pub(crate) files: Vec<NewFile>,
    /// What was left out.
    pub(crate) warnings: Vec<String>,
}

/// True for a file that begins as a zip archive does. It is at its beginning afterwards.
///
/// # Errors
/// The error of the system.
pub(crate) fn is_one(file: &mut File) -> std::io::Result<bool> {
    let mut head = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head == MAGIC)
}

/// Reads a bundle. Its names, kinds and sizes pass the checks of a plugin from a repository.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if it is damaged, encrypted or too large, or has no manifest;
/// [`ErrorKind::ContentRefused`] for files that no plugin may have.
pub(crate) fn read(
    file: File,
    path: &Path,
    limits: &Limits,
    cancel: &CancelToken,
) -> Result<Bundle> {
    let unusable = |why: &str| unusable(path, why);
    let size = file
        .metadata()
        .map_err(|error| Error::io("cannot read", path, error))?
        .len();
    if size > LARGEST {
        return Err(unusable(&format!("it is larger than {LARGEST} bytes")));
    }
    let mut archive = ZipArchive::new(file).map_err(|error| damaged(path, error))?;
    if archive.len() > limits.files {
        return Err(unusable(&format!(
            "it has more than {} files",
            limits.files
        )));
    }
    let mut bundled = Vec::new();
    let mut left = LARGEST;
    for at in 0..archive.len() {
        cancel.check()?;
        let mut entry = archive.by_index(at).map_err(|error| damaged(path, error))?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name_raw().to_vec();
        let shown = escape(&String::from_utf8_lossy(&name));
        if entry.is_symlink() {
            return Err(unusable(&format!("`{shown}` is a link")));
        }
        let mut bytes = Vec::new();
        let read = entry
            .by_ref()
            .take(left.saturating_add(1))
            .read_to_end(&mut bytes);
        read.map_err(|error| unusable(&format!("`{shown}` is damaged: {error}")))?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| unusable(&format!("it unpacks to more than {LARGEST} bytes")))?;
        let executable = entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0);
        bundled.push(BundledFile {
            name,
            bytes,
            executable,
        });
    }
    let (kept, warnings) = check(&bundled, limits)?;
    let kept: HashSet<String> = kept.into_iter().collect();
    let files = bundled.into_iter().filter_map(|file| {
        let path = String::from_utf8(file.name)
            .ok()
            .filter(|path| kept.contains(path))?;
        Some(NewFile {
            path,
            bytes: file.bytes,
            executable: file.executable,
        })
    });
    let files: Vec<_> = files.collect();
    let manifest = files.iter().find(|file| file.path == MANIFEST);
    let Some(manifest) = manifest.map(|file| file.bytes.clone()) else {
        return Err(unusable(&format!("it has no `{MANIFEST}`")));
    };
    Ok(Bundle {
        manifest,
        files,
        warnings,
    })
}

fn damaged(path: &Path, error: ZipError) -> Error {
    match error {
        ZipError::Io(error) if error.raw_os_error().is_some() => {
            Error::io("cannot read", path, error)
        }
        error => unusable(
            path,
            &format!("it cannot be unpacked: {}", escape(&error.to_string())),
        ),
    }
}

/// The error for a file that no plugin can be made of.
pub(crate) fn unusable(path: &Path, why: &str) -> Error {
    let shown = escape(&path.to_string_lossy());
    Error::new(
        ErrorKind::InvalidArgument,
        format!("cannot make a plugin of `{shown}`: {why}"),
    )
    .with_path(path)
}
