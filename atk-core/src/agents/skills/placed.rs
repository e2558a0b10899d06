//! A skill where an agent looks for it: a link to the clean copy, or a copy of it.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::agents::file;
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::ObjectId;

/// What is at the place of a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SkillState {
    /// Nothing.
    Missing,
    /// The link to the clean copy, or a copy as ATK wrote it.
    Ok,
    /// A copy that ATK wrote and that was changed since.
    Edited,
    /// Something that ATK did not write.
    Foreign,
}

/// A skill that was placed: what a ledger needs to take it away again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The digest of the copy; `None` for a link.
    pub(crate) digest: Option<String>,
    /// The directories that were created for it, outermost first.
    pub(crate) created: Vec<PathBuf>,
}

/// Tells what is at a place. `clean` is the clean copy, `digest` that of the copy that ATK wrote here.
///
/// # Errors
/// [`ErrorKind::Io`].
pub(crate) fn state(at: &Path, clean: &Path, digest: Option<&str>) -> Result<SkillState> {
    let metadata = match fs::symlink_metadata(at) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(SkillState::Missing),
        Err(error) => return Err(Error::io("cannot read", at, error)),
    };
    if metadata.is_symlink() {
        let is_ours = fs::read_link(at).is_ok_and(|target| target == clean);
        return Ok(if is_ours {
            SkillState::Ok
        } else {
            SkillState::Foreign
        });
    }
    Ok(match digest {
        Some(_) if !metadata.is_dir() => SkillState::Foreign,
        Some(digest) if digest_of(at)? == digest => SkillState::Ok,
        Some(_) => SkillState::Edited,
        None => SkillState::Foreign,
    })
}

/// Places a skill: a link to its clean copy, or a copy. What ATK placed there before is replaced.
///
/// # Errors
/// [`ErrorKind::Io`], also if something else is there: nothing is changed then.
pub(crate) fn place(
    at: &Path,
    clean: &Path,
    digest: Option<&str>,
    as_copy: bool,
) -> Result<Placed> {
    match state(at, clean, digest)? {
        SkillState::Missing => {}
        SkillState::Ok => remove(at, clean, digest, &[])?,
        SkillState::Edited | SkillState::Foreign => {
            let message = format!("`{}` exists and is not what ATK wrote", at.display());
            return Err(Error::new(ErrorKind::Io, message).with_path(at));
        }
    }
    let fail = |error| Error::io("cannot write", at, error);
    let parent = at.parent().unwrap_or(Path::new("."));
    let mut created = Vec::new();
    file::create_directories(parent, &mut created)?;
    if !as_copy {
        symlink(clean, at).map_err(fail)?;
        let digest = None;
        return Ok(Placed { digest, created });
    }
    let copied = || {
        let new = tempfile::Builder::new()
            .prefix(".atk-")
            .tempdir_in(parent)?;
        copy_tree(clean, new.path())?;
        fs::set_permissions(new.path(), fs::Permissions::from_mode(0o755))?;
        // A directory that came meanwhile and holds something is not replaced.
        fs::rename(new.keep(), at)
    };
    copied().map_err(fail)?;
    let digest = Some(digest_of(at)?);
    Ok(Placed { digest, created })
}

/// Removes what ATK placed, and then the directories that were created for it, as far as they are
/// empty. What was changed, and what ATK did not write, stays.
///
/// # Errors
/// [`ErrorKind::Io`].
pub(crate) fn remove(
    at: &Path,
    clean: &Path,
    digest: Option<&str>,
    created: &[PathBuf],
) -> Result<()> {
    if state(at, clean, digest)? == SkillState::Ok {
        let removed = match at.is_symlink() {
            true => fs::remove_file(at),
            false => fs::remove_dir_all(at),
        };
        removed.map_err(|error| Error::io("cannot remove", at, error))?;
    }
    file::remove_directories(created);
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    for entry in WalkDir::new(from).min_depth(1) {
        let entry = entry?;
        let Ok(path) = entry.path().strip_prefix(from) else {
            continue;
        };
        if entry.file_type().is_dir() {
            fs::create_dir(to.join(path))?;
        } else {
            fs::copy(entry.path(), to.join(path))?;
        }
    }
    Ok(())
}

/// A digest of the names, kinds and contents of all that is in a directory.
fn digest_of(directory: &Path) -> Result<String> {
    let fail = |error: io::Error| Error::io("cannot read", directory, error);
    let mut listing = Vec::new();
    for entry in WalkDir::new(directory).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| fail(error.into()))?;
        let path = entry.path().strip_prefix(directory).unwrap_or(entry.path());
        let kind = entry.file_type();
        let content = if kind.is_dir() {
            "directory".to_owned()
        } else if kind.is_file() {
            let id = ObjectId::of_file(entry.path());
            id.map_err(|error| fail(io::Error::other(error)))?
                .to_string()
        } else {
            "other".to_owned()
        };
        listing.extend_from_slice(path.as_os_str().as_encoded_bytes());
        listing.extend_from_slice(format!("\0{content}\0").as_bytes());
    }
    Ok(ObjectId::of_blob(&listing).to_string())
}
