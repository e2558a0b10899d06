//! The binary under test.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::shared::workspace;

/// The path of `atk`: `ATK_BIN` where it is set, else what cargo builds, once a process, in the
/// profile of the tests.
///
/// # Panics
/// Where it does not build.
#[must_use]
pub fn atk_binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY
        .get_or_init(|| std::env::var_os("ATK_BIN").map_or_else(build, PathBuf::from))
        .clone()
}

fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        // With this package, the features are those of the tests: what these have compiled is used.
        .args([
            "build",
            "--quiet",
            "--package",
            "atk-cli",
            "--package",
            "atk-tests",
        ])
        .args(["--bin", "atk"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.output().expect("run cargo");
    assert!(
        output.status.success(),
        "the binary does not build:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // Cargo knows best where it has put it: one JSON document a line says so.
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
        .expect("cargo names the binary")
}
