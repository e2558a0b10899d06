//! Costly things that are made once and kept below `target/` for later runs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

/// The directory `name` of the kept things; `make` fills it if it is not there, and says
/// whether it did.
///
/// Processes that want it at once wait for the one that makes it. What was half made, because a
/// run was interrupted, is made anew.
pub(crate) fn kept(name: &str, make: impl FnOnce(&Path) -> bool) -> PathBuf {
    let directory = directory();
    fs::create_dir_all(&directory).expect("create the directory of kept things");
    let path = directory.join(name);
    let ready = directory.join(format!("{name}.ready"));
    let lock = File::create(directory.join(format!("{name}.lock"))).expect("create a lock");
    flock(&lock, FlockOperation::LockExclusive).expect("take the lock");
    if !ready.exists() {
        let _ = fs::remove_dir_all(&path);
        if make(&path) {
            fs::write(ready, "").expect("write the marker");
        }
    }
    flock(&lock, FlockOperation::Unlock).expect("release the lock");
    path
}

/// Where kept things lie: beside what cargo builds, so that `cargo clean` takes them too.
pub(crate) fn directory() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target
        .unwrap_or_else(|| workspace().join("target"))
        .join("fixtures")
}

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("a member of a workspace").to_owned()
}
