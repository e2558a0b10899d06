//! Copies of a whole sandbox, to be put back at the same paths.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use atk_tests::sandbox::Sandbox;

/// What a command may change. The source repositories are never copied.
const PARTS: &[&str] = &["home", "cache", "work", "user", "tmp"];

/// A copy of a sandbox's changeable parts.
pub(crate) struct Saved {
    copy: PathBuf,
}

impl Saved {
    pub(crate) fn of(sandbox: &Sandbox, name: &str) -> Saved {
        let copy = sandbox
            .path("repos")
            .with_file_name(format!("saved-{name}"));
        remove(&copy);
        fs::create_dir(&copy).expect("create a directory");
        for part in PARTS {
            duplicate(&sandbox.path(part), &copy);
        }
        Saved { copy }
    }

    pub(crate) fn restore(&self, sandbox: &Sandbox) {
        for part in PARTS {
            remove(&sandbox.path(part));
            let to = sandbox.path("repos").with_file_name("");
            duplicate(&self.copy.join(part), &to);
        }
    }
}

/// What lies at a path. Numbers are permissions.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    Directory(u32),
    File(u32, Rc<[u8]>),
    Link(PathBuf),
}

/// True if a name beside the home may come and go. What others look for stays: the source
/// repositories, and copies.
pub(crate) fn is_part(name: &OsStr) -> bool {
    name != "repos" && !name.as_encoded_bytes().starts_with(b"saved-")
}

/// The names of all that a command may change in a sandbox.
pub(crate) fn parts(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).expect("the sandbox").flatten();
    let names = entries.map(|entry| entry.file_name());
    let part = |name: OsString| is_part(&name).then(|| name.into_string().ok())?;
    names.filter_map(part).collect()
}

/// Puts items, by their paths in the sandbox, in the place of all that a command may change.
pub(crate) fn write(sandbox: &Sandbox, items: &BTreeMap<PathBuf, Item>) {
    for part in parts(&sandbox.path("repos").with_file_name("")) {
        remove(&sandbox.path(&part));
    }
    let set = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set a mode");
    };
    for (path, item) in items {
        let path = sandbox.path(&path.to_string_lossy());
        match item {
            Item::Directory(_) => fs::create_dir(&path).expect("create a directory"),
            Item::Link(target) => std::os::unix::fs::symlink(target, &path).expect("make a link"),
            Item::File(mode, bytes) => {
                fs::write(&path, bytes).expect("write a file");
                set(&path, *mode);
            }
        }
    }
    // The inner ones first: one may be closed to its owner.
    for (path, item) in items.iter().rev() {
        if let Item::Directory(mode) = item {
            set(&sandbox.path(&path.to_string_lossy()), *mode);
        }
    }
}

fn duplicate(from: &Path, into: &Path) {
    if from.symlink_metadata().is_err() {
        return;
    }
    let status = Command::new("cp").arg("-a").arg(from).arg(into).status();
    assert!(status.expect("run cp").success(), "cp {}", from.display());
}

pub(crate) fn remove(path: &Path) {
    match fs::remove_dir_all(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => panic!("{}: {error}", path.display()),
    }
}
