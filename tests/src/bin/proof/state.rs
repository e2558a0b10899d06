//! Copies of a whole sandbox, to be put back at the same paths.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
