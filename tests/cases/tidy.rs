//! The rules that keep the house in order, as tests.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers of the core, lowest first. A module may name modules of lower layers and itself.
const LAYERS: &[&[&str]] = &[
    &["error", "file_lock", "text"],
    &["host", "json"],
    &["child"],
    &["model"],
    &["git"],
    &["fetch", "home", "lifecycle"],
    &["options"],
    &["option_changes", "session"],
    &["ops"],
    &["handle"],
    &["operations"],
];

#[test]
fn imports_of_the_core_go_down_only() {
    let mut wrong = Vec::new();
    for (file, text) in sources(&root().join("atk-core/src")) {
        let own = module_of(&file);
        let Some(own_layer) = layer(&own) else {
            assert_eq!(own, "lib", "{} belongs to no layer", file.display());
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for named in line.split("crate::").skip(1) {
                let named: String = named
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let allowed = match layer(&named) {
                    Some(layer) => layer < own_layer || named == own,
                    // An item that lib.rs re-exports: only the three topmost layers may take it so.
                    None => own_layer >= LAYERS.len() - 3,
                };
                if !allowed {
                    wrong.push(format!(
                        "{}:{}: {own} names {named}",
                        file.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that do not go down:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn libgit2_is_named_by_the_git_module_alone() {
    for (file, text) in sources(&root().join("atk-core/src")) {
        // A test may look with libgit2 at what was made.
        if module_of(&file) != "git" && !is_test(&file) {
            assert!(!text.contains("git2::"), "{} names git2", file.display());
        }
    }
}

#[test]
fn no_file_grows_past_five_hundred_lines() {
    for tree in [
        "atk-core/src",
        "atk-ffi/src",
        "atk-ffi/tests",
        "bindings/node/src",
        "bindings/python/python",
        "bindings/python/src",
        "bindings/python/tests",
        "bindings/support/src",
        "bindings/uniffi/src",
        "cli/src",
        "tests/src",
        "tests/cases",
    ] {
        for (file, text) in sources(&root().join(tree)) {
            let lines = text.lines().count();
            // A table of cases may be longer than code that has to be understood as a whole.
            let most = if is_test(&file) { 700 } else { 500 };
            assert!(
                lines <= most,
                "{} has {lines} lines: find the second noun",
                file.display()
            );
        }
    }
}

#[test]
fn faces_see_the_public_api_alone() {
    let faces = [
        "atk-ffi/src",
        "bindings/node/src",
        "bindings/python/src",
        "bindings/support/src",
        "bindings/uniffi/src",
        "cli/src",
    ];
    for (file, text) in faces.iter().flat_map(|face| sources(&root().join(face))) {
        for internal in ["atk_core::model", "atk_core::ops", "atk_core::git", "git2"] {
            assert!(
                !text.contains(internal),
                "{} names {internal}",
                file.display()
            );
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the root")
        .to_owned()
}

fn is_test(file: &Path) -> bool {
    file.components()
        .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
        && !file.starts_with(root().join("tests/src"))
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The top-level module that a file of the core belongs to.
fn module_of(file: &Path) -> String {
    let inside = file
        .strip_prefix(root().join("atk-core/src"))
        .expect("a file of the core");
    let first = inside.components().next().expect("a file name");
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(dir, &mut found);
    assert!(!found.is_empty(), "{} has no sources", dir.display());
    found
}

fn collect(dir: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(dir).expect("a readable directory") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path
            .extension()
            .is_some_and(|ext| ext == "rs" || ext == "c" || ext == "py")
        {
            let text = fs::read_to_string(&path).expect("a readable file");
            found.push((path, text));
        }
    }
}
