//! What the gate builds one after the other has one set of features, so that the core and what it needs
//! are compiled once: `dev/features` says them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The packages that are built as part of some others, each with its features.
fn tree(words: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["tree", "--locked", "--prefix=none", "--format={p} [{f}]"])
        .args(words)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    let output = cargo.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)"));
    lines.map(str::to_owned).collect()
}

fn package(line: &str) -> &str {
    line.split_once(" [").map_or(line, |(package, _)| package)
}

#[test]
fn everything_that_is_built_for_tests_has_the_same_features() {
    let core = tree(&["--edges=normal,build", "--package=atk-core"]);
    let core: BTreeSet<&str> = core.iter().map(|line| package(line)).collect();
    assert!(core.len() > 50, "{core:?}");
    // As `cargo test` builds them.
    let all = tree(&["--edges=normal,build,dev"]);
    for words in [
        &["--package=atk-cli", "--package=atk-tests"][..],
        &["--package=atk-node", "--package=atk-tests"],
        &["--package=atk-python", "--package=atk-tests"],
        &["--package=atk-python", "--features=tests"],
        &["--package=atk-python", "--features=stubs,tests"],
        &["--package=atk-uniffi", "--package=atk-tests"],
        &["--package=atk-dev"],
    ] {
        let built = tree(&[words, &["--edges=normal,build"]].concat());
        let others: Vec<&String> = built
            .iter()
            .filter(|line| core.contains(package(line)) && !all.contains(*line))
            .collect();
        assert!(
            others.is_empty(),
            "compiled once more for {words:?}: {others:#?}"
        );
    }
}
