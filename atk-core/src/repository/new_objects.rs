//! The objects of a commit that is being made.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use git2::Oid;

use super::served::InProcessResult;
use super::tree::{NewContent, TreeLookup};
use super::{Repository, failure};
use crate::error::{Error, ErrorKind, Result};

/// Up to how many new objects are synced one by one. Beyond it one sync of the whole file system
/// costs less, though it also waits for what other programs wrote.
pub(super) const FEW: usize = 32;

/// Objects that lie in a directory of their own until all of them are on the disk.
///
/// Git and libgit2 take an object whose file exists for written, whatever is in it. So an object
/// must not have its name before its bytes are on the disk: after a power cut an empty file of
/// that name would become part of later commits. Git's own `core.fsyncMethod=batch` works alike.
///
/// ```text
/// atk-commit/HEAD, refs/             without them libgit2 takes it for no repository
/// atk-commit/objects/xx/…            new objects
/// atk-commit/objects/info/alternates the repository's objects, for reading
/// ```
pub(super) struct NewObjects {
    from: PathBuf,
    to: PathBuf,
}

impl NewObjects {
    /// From now on all that `repository` writes goes to the directory in `workshop`.
    pub(super) fn begin(
        home: &Repository,
        repository: &git2::Repository,
        workshop: &Path,
    ) -> Result<InProcessResult<Self>> {
        let (from, to) = (workshop.join("objects"), home.common_dir.join("objects"));
        let resolved = to
            .canonicalize()
            .map_err(|error| Error::io("cannot open", &to, error))?;
        let alternates = resolved.as_os_str().as_bytes();
        if alternates.contains(&b'\n') || alternates.contains(&b'\r') {
            return Ok(InProcessResult::NeedsProgram(
                "its path has a line end".into(),
            ));
        }
        let make = || -> io::Result<()> {
            fs::create_dir_all(from.join("info"))?;
            fs::create_dir(workshop.join("refs"))?;
            fs::write(workshop.join("HEAD"), "ref: refs/heads/none\n")?;
            fs::write(from.join("info/alternates"), alternates)
        };
        make().map_err(|error| Error::io("cannot prepare", workshop, error))?;
        git2::Repository::open_bare(workshop)
            .and_then(|objects| repository.set_odb(&objects.odb()?))
            .map_err(|error| failure::not_made(&home.root, &error))?;
        Ok(InProcessResult::Done(NewObjects { from, to: resolved }))
    }

    /// Moves the objects to the repository, and waits until they are on the disk.
    pub(super) fn store(&self) -> Result<()> {
        let objects = self.list()?;
        let few = objects.values().map(Vec::len).sum::<usize>() <= FEW;
        let failed = |path: &Path, error| Error::io("cannot write the objects to", path, error);
        sync_files(&self.from, &objects, few).map_err(|error| failed(&self.from, error))?;
        for (directory, names) in &objects {
            let to = self.to.join(directory);
            make_directory(&to).map_err(|error| failed(&to, error))?;
            for name in names {
                let from = self.from.join(directory).join(name);
                move_file(&from, &to.join(name)).map_err(|error| failed(&to, error))?;
            }
        }
        sync_directories(&self.to, &objects, few).map_err(|error| failed(&self.to, error))
    }

    /// The names of the objects' files, by the names of their directories.
    fn list(&self) -> Result<Objects> {
        let list = || -> io::Result<Objects> {
            let mut objects = Objects::new();
            for directory in fs::read_dir(&self.from)? {
                let directory = directory?;
                let name = directory.file_name();
                if name.len() != 2 || !directory.file_type()?.is_dir() {
                    continue;
                }
                for file in fs::read_dir(directory.path())? {
                    objects
                        .entry(name.clone())
                        .or_default()
                        .push(file?.file_name());
                }
            }
            Ok(objects)
        };
        list().map_err(|error| Error::io("cannot read", &self.from, error))
    }
}

type Objects = BTreeMap<std::ffi::OsString, Vec<std::ffi::OsString>>;

/// Checks that a commit is in the repository, with its tree and all that the tree was changed to.
///
/// libgit2 reports success for some objects that it could not write, on a full disk say.
pub(super) fn check(
    home: &Repository,
    id: Oid,
    tree: Oid,
    changes: &BTreeMap<Vec<u8>, NewContent>,
) -> Result<()> {
    let repository = home.open_in_process()?;
    let check = || -> Result<bool, git2::Error> {
        let found = repository.find_commit(id)?.tree()?;
        let odb = repository.odb()?;
        let mut lookup = TreeLookup::new(&repository, Some(&found));
        for (path, change) in changes {
            let entry = lookup.get(path);
            let same = match change {
                Some((_, blob)) => entry.is_some_and(|(_, id, _)| id == *blob) && odb.exists(*blob),
                // A directory may have taken the place of a file.
                None => entry.is_none_or(|(_, _, kind)| kind != Some(git2::ObjectType::Blob)),
            };
            if !same {
                return Ok(false);
            }
        }
        Ok(found.id() == tree)
    };
    match check().map_err(|error| failure::not_made(&home.root, &error))? {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::GitFailed,
            format!(
                "cannot commit in `{}`: objects of the commit are missing after they were written",
                failure::shown(&home.root)
            ),
        )
        .with_path(&home.root)
        .with_help("check the free space and the health of the disk, then run `git fsck`")),
    }
}

fn sync_files(root: &Path, objects: &Objects, few: bool) -> io::Result<()> {
    if !few && sync_file_system(root)? {
        return Ok(());
    }
    for (directory, names) in objects {
        for name in names {
            File::open(root.join(directory).join(name))?.sync_all()?;
        }
    }
    Ok(())
}

fn sync_directories(root: &Path, objects: &Objects, few: bool) -> io::Result<()> {
    if objects.is_empty() || (!few && sync_file_system(root)?) {
        return Ok(());
    }
    for directory in objects.keys() {
        File::open(root.join(directory))?.sync_all()?;
    }
    File::open(root)?.sync_all()
}

/// Waits for everything that git wrote below a directory.
pub(super) fn sync_all(path: &Path) -> io::Result<()> {
    // Elsewhere git itself has synced it.
    sync_file_system(path).map(drop)
}

/// Waits for everything on a file system. False if the system cannot.
#[cfg(target_os = "linux")]
fn sync_file_system(path: &Path) -> io::Result<bool> {
    rustix::fs::syncfs(File::open(path)?)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_: &Path) -> io::Result<bool> {
    Ok(false)
}

fn make_directory(path: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o777).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Moves an object. Its directory may be a link to another disk.
fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let parent = to.parent().unwrap_or(Path::new("."));
            // Git's own garbage collection deletes old files of this prefix.
            let mut copy = tempfile::Builder::new()
                .prefix("tmp_obj_")
                .permissions(Permissions::from_mode(0o444))
                .tempfile_in(parent)?;
            io::copy(&mut File::open(from)?, &mut copy)?;
            copy.as_file().sync_all()?;
            copy.persist(to).map(drop).map_err(|error| error.error)
        }
        moved => moved,
    }
}
