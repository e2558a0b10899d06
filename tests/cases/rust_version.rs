//! The oldest Rust that ATK builds with: stated once, and true of every dependency.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_owned()
}

/// `1.95` or `1.95.0` as numbers.
fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = version
        .split('.')
        .map(|number| number.parse().unwrap())
        .collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn no_dependency_needs_a_newer_rust_than_the_workspace_states() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        // Only what is built here: cargo would fetch the packages of other systems to read them.
        .args(["--filter-platform", &host()])
        .current_dir(root())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let of = |name: &str| packages.iter().find(|package| package["name"] == name);
    let oldest = of("atk-core").unwrap()["rust_version"].as_str().unwrap();
    let newer: Vec<String> = packages
        .iter()
        .filter_map(|package| Some((package, package["rust_version"].as_str()?)))
        .filter(|(_, needed)| numbers(needed) > numbers(oldest))
        .map(|(package, needed)| format!("{} needs {needed}", package["name"]))
        .collect();
    assert!(newer.is_empty(), "Rust {oldest} is stated, but {newer:?}");
    assert!(packages.len() > 100, "{} packages", packages.len());

    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let stated = format!("Rust {oldest} or newer");
    assert!(readme.contains(&stated), "README.md must say `{stated}`");
}

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.unwrap().to_owned()
}
