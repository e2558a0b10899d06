//! The copy of a skill that agents may read.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, OFlags, RenameFlags, renameat_with};

use crate::error::{Error, Result};

/// Makes the clean copy `<skills>/<name>` of a skill and returns its path. One that is there is
/// replaced in one step.
///
/// `shipped` are the files that the plugin ships, relative to the directory of the skill. `.env` files,
/// `custom/` and what belongs to git are left out, and so are links and what else is not a file.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(crate) fn clean_copy<'p>(
    skill: &Path,
    shipped: impl IntoIterator<Item = &'p Path>,
    skills: &Path,
    name: &str,
) -> Result<PathBuf> {
    let copy = skills.join(name);
    let make = || {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(skills)?;
        let new = tempfile::Builder::new()
            .prefix(".atk-")
            .tempdir_in(skills)?;
        for path in shipped.into_iter().filter(|path| is_clean(path)) {
            copy_file(skill, path, new.path())?;
        }
        File::open(new.path())?.sync_all()?;
        put_in_place(new, &copy)?;
        File::open(skills)?.sync_all()
    };
    make().map_err(|error| Error::io("cannot write", &copy, error))?;
    Ok(copy)
}

/// True for what an agent may see.
fn is_clean(path: &Path) -> bool {
    let mut parts = path.components();
    let is_normal = |part: Component<'_>| {
        let Component::Normal(name) = part else {
            return false;
        };
        let name = name.to_string_lossy();
        !name.starts_with(".env") && !name.starts_with(".git") && name != "custom"
    };
    path.components().next().is_some() && parts.all(is_normal)
}

fn copy_file(skill: &Path, path: &Path, to: &Path) -> io::Result<()> {
    // What lies between is not a link either: a link could lead out of the plugin.
    let mut from = skill.to_owned();
    for part in path.parent().unwrap_or(Path::new("")).components() {
        from.push(part);
        if !fs::symlink_metadata(&from).is_ok_and(|metadata| metadata.is_dir()) {
            return Ok(());
        }
    }
    let from = skill.join(path);
    if !fs::symlink_metadata(&from).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(());
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    let mut from = options.open(from)?;
    let to = to.join(path);
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let is_executable = from.metadata()?.permissions().mode() & 0o100 != 0;
    let mut to = File::create_new(to)?;
    io::copy(&mut from, &mut to)?;
    to.set_permissions(Permissions::from_mode(if is_executable {
        0o755
    } else {
        0o644
    }))?;
    to.sync_all()
}

fn put_in_place(new: tempfile::TempDir, copy: &Path) -> io::Result<()> {
    fs::set_permissions(new.path(), Permissions::from_mode(0o755))?;
    match renameat_with(CWD, new.path(), CWD, copy, RenameFlags::EXCHANGE) {
        // Its directory now holds what was there before.
        Ok(()) => new.close(),
        Err(rustix::io::Errno::NOENT) => fs::rename(new.keep(), copy),
        // The file system cannot exchange.
        Err(_) => {
            fs::remove_dir_all(copy)?;
            fs::rename(new.keep(), copy)
        }
    }
}
