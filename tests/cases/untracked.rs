//! What the commit of a local plugin leaves out is named, and never its definition.

use std::fs;

use atk_tests::repository::Tree;
use atk_tests::sandbox::Sandbox;

/// A home with the files of a local plugin `mine` in place, and not added yet.
fn in_place() -> (Sandbox, String) {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("home/plugins/mine")
        .definition("Mine", "")
        .file("skill.md", "# Skill\n");
    let place = sandbox.home().join("plugins/mine").display().to_string();
    (sandbox, place)
}

fn tracked(sandbox: &Sandbox) -> String {
    sandbox.git(&["ls-tree", "-r", "--name-only", "HEAD", "plugins"])
}

#[test]
fn files_that_are_left_out_are_named() {
    let (sandbox, place) = in_place();
    sandbox
        .files("home/plugins/mine")
        .file(".gitignore", "dist/\n*.log\n!keep.log\n")
        .file("dist/bundle", "b")
        .file("run.log", "l")
        .file("keep.log", "l")
        .file(".env", "ANSWER=s3cret\n")
        .file("prod.ENV", "TOKEN=s3cret\n")
        .file("custom/.ENV.bak", "TOKEN=s3cret\n")
        .file("docs/.env.example", "TOKEN=\n");
    let added = sandbox.atk(&["add", &place, "--json"]).succeeds().json();
    let warnings = added["warnings"].as_array().unwrap();
    assert_eq!(
        warnings,
        &[
            "a clone of the home will not have `dist`, `docs/.env.example`, `run.log` (ignored by a rule)",
            "a clone of the home will not have `custom/.ENV.bak`, `prod.ENV` (may hold secrets)",
        ]
    );
    assert_eq!(
        tracked(&sandbox),
        "plugins/mine/.gitignore\nplugins/mine/keep.log\n\
         plugins/mine/plugin.yaml\nplugins/mine/skill.md"
    );
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        "?? plugins/mine/custom/\n?? plugins/mine/prod.ENV"
    );
}

/// The same files, to `validate` and to `add`.
#[test]
fn add_and_validate_find_the_same_secrets() {
    let key = "x\n -----BEGIN PRIVATE KEY-----\n";
    let (sandbox, place) = in_place();
    let fill = |files: Tree| {
        files
            .file("deploy/key.pem", key)
            .file("prod.env", key)
            .file("kept/cert.pem", "-----BEGIN CERTIFICATE-----\n")
            .link("link.pem", "deploy/key.pem")
    };
    fill(sandbox.files("home/plugins/mine")).file("README.md", "# It\n");
    fill(sandbox.files("work/copied"))
        .definition("Copied", "")
        .file("README.md", "# It\n");
    let validated = sandbox.atk(&["validate", "./copied"]).fails(5).stdout;
    assert_eq!(
        validated,
        "copied/deploy/key.pem:2:2: error: this looks like a private key [secret-committed]\n  \
         help: revoke the secret, take it out of the file, and out of the repository's history\n\
         copied/prod.env:1:1: warning: `prod.env` has the name of a file with secrets: ATK never commits it to a home [secret-file]\n  \
         help: take it out of the repository, or rename it if it has no secrets\n\
         copied/prod.env:2:2: error: this looks like a private key [secret-committed]\n  \
         help: revoke the secret, take it out of the file, and out of the repository's history\n\
         `Copied` is not valid: 2 errors, 1 warning\n"
    );
    for (source, name) in [(place.as_str(), "mine"), ("./copied", "copied")] {
        let added = sandbox.atk(&["add", source, "--json"]).succeeds().json();
        let expected = serde_json::json!([
            "a clone of the home will not have `prod.env` (may hold secrets)",
            format!(
                "the home's repository will have what looks like secrets: \
                 `plugins/{name}/deploy/key.pem:2:2` (looks like a private key); keep secrets in `.env`, \
                 and before a push take them out of the history too"
            ),
        ]);
        assert_eq!(added["warnings"], expected);
    }
}

#[test]
fn many_files_are_counted_and_a_plugin_without_any_has_no_warning() {
    let (sandbox, place) = in_place();
    for n in 0..14 {
        sandbox
            .files("home/plugins/mine")
            .file(&format!("{n:02}.env"), "A=1\n");
    }
    let added = sandbox.atk(&["add", &place, "--json"]).succeeds().json();
    let warning = added["warnings"][0].as_str().unwrap();
    assert!(warning.contains("`09.env`, 4 more (may"), "{warning}");

    let (sandbox, place) = in_place();
    let added = sandbox.atk(&["add", &place, "--json"]).succeeds().json();
    assert_eq!(added["warnings"], serde_json::json!([]));
}

#[test]
fn a_definition_that_the_home_ignores_is_an_error() {
    for (file, rule) in [
        (".gitignore", "plugins/mine/\n"),
        (".gitignore", "plugin.y*ml\n"),
        (".gitignore", "/plugins/**/*.yaml\n"),
        ("plugins/mine/.gitignore", "*\n"),
        ("plugins/.gitignore", "mine\n"),
    ] {
        for program in [false, true] {
            let (sandbox, place) = in_place();
            // ATK adds its own lines above the user's only if it must: this one stays the last.
            let path = sandbox.home().join(file);
            let ours = fs::read_to_string(&path).unwrap_or_default();
            let last = "!plugins/mine/\n!plugins/mine/**\n";
            let ours = if file == ".gitignore" {
                ours + last
            } else {
                ours
            };
            fs::write(&path, ours + rule).unwrap();
            if program {
                sandbox
                    .files("home/.git/hooks")
                    .exec("pre-commit", "#!/bin/sh\nexit 0\n");
            }
            let before = sandbox.snapshot();
            let failed = sandbox.atk(&["add", &place, "--json"]).fails(5).json();
            assert_eq!(failed["error"]["code"], "content_refused", "{rule}");
            let help = failed["error"]["details"]["help"].as_str().unwrap();
            assert!(help.contains("check-ignore -v plugins/mine"), "{help}");
            let after = before.difference(&sandbox.snapshot());
            let after: Vec<_> = after
                .lines()
                .filter(|line| !line.contains(".git/atk"))
                .collect();
            assert_eq!(after, [""; 0], "{rule}");
        }
    }
}

#[test]
fn a_home_that_does_not_commit_may_ignore_what_it_wants() {
    let (sandbox, place) = in_place();
    let manifest = sandbox
        .read("manifest.yaml")
        .replace("auto_commit: true", "auto_commit: false");
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    fs::write(sandbox.home().join("plugins/mine/.gitignore"), "*\n").unwrap();
    let added = sandbox.atk(&["add", &place, "--json"]).succeeds().json();
    let warning = added["warnings"][0].as_str().unwrap();
    assert!(warning.contains("`plugin.yaml`"), "{warning}");
}
