//! The libraries as programs get them.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The path of a built library, in the profile of this test.
pub(crate) fn library(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let directory = BUILT.get_or_init(|| {
        let status = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--locked",
                "--package",
                "atk-ffi",
                "--lib",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(status.success(), "cargo build");
        // `target/debug/deps/<this test>`.
        let test = std::env::current_exe().unwrap();
        test.parent()
            .and_then(|deps| deps.parent())
            .unwrap()
            .to_owned()
    });
    directory.join(name)
}
