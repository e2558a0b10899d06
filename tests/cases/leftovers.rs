//! Directories of plugins that the manifest does not have any more, as a pull leaves them.

use std::fs;

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;

/// A home whose git plugin `tool` was removed on another machine, and the plugin's URL.
fn home() -> (Sandbox, String) {
    let sandbox = Sandbox::with_home();
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("tool", "")
    });
    let url = format!("file://{}", sandbox.path("repos/tool").display());
    sandbox.atk(&["add", "-y", &url]).succeeds();
    let before = sandbox.git(&["show", "HEAD~1:manifest.yaml"]);
    fs::write(sandbox.home().join("manifest.yaml"), before + "\n").unwrap();
    sandbox.git(&["commit", "-q", "-a", "-m", "Remove it elsewhere"]);
    (sandbox, url)
}

#[test]
fn leftovers_are_named_with_the_command_that_deletes_them() {
    let (sandbox, url) = home();
    for command in [&["list"][..], &["status"], &["install", "--all"]] {
        let said = sandbox.atk(command).succeeds();
        let said = said.stdout + &said.stderr;
        assert!(said.contains("plugins/tool"), "{said}");
        assert!(said.contains("`atk remove tool`"), "{said}");
    }
    for command in ["status", "install"] {
        let report = sandbox.atk(&[command, "--all", "--json"]).succeeds().json();
        let warnings = report["warnings"].to_string();
        assert!(warnings.contains("`atk remove tool`"), "{report}");
    }
    let said = sandbox.atk(&["add", "-y", &url]).fails(5).stderr;
    assert!(said.contains("`atk remove tool`"), "{said}");
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert_eq!(listed[0]["directory"], "tool");
    assert_eq!(listed[0]["state"], "leftover");

    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    let listed = sandbox.atk(&["list"]).succeeds().stdout;
    assert_eq!(listed, "No plugins yet\n");
    sandbox.atk(&["add", "-y", &url]).succeeds();
}

#[test]
fn what_is_the_users_or_not_of_a_plugin_is_no_leftover() {
    let sandbox = Sandbox::with_home();
    sandbox.files("home/plugins/empty/custom").file("note", "x");
    sandbox.files("home/plugins/answered").file(".env", "A=1\n");
    sandbox
        .files("home/plugins")
        .file(".DS_Store", "")
        .file("README", "");
    sandbox.files("home/plugins/Not A Plugin").file("x", "");
    fs::create_dir(sandbox.home().join("plugins/nothing")).unwrap();
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert_eq!(listed, serde_json::json!([]));
    let said = sandbox.atk(&["status"]).succeeds();
    assert_eq!(said.stderr, "");
}

#[test]
fn a_plugin_that_is_written_in_place_is_named_with_the_command_that_adds_it() {
    let sandbox = Sandbox::with_home();
    sandbox.files("home/plugins/mine").definition("mine", "");
    let path = sandbox.home().join("plugins/mine");
    let path = path.to_str().unwrap();
    let said = sandbox.atk(&["status"]).succeeds().stderr;
    assert!(said.contains(&format!("`atk add {path}`")), "{said}");
    sandbox.atk(&["add", path]).succeeds();
    assert_eq!(sandbox.atk(&["status"]).succeeds().stderr, "");
}

#[test]
fn leftovers_stand_below_the_table_and_one_plugin_is_no_place_for_them() {
    let (sandbox, _) = home();
    sandbox
        .files("work/other")
        .definition("other", "lifecycle: {status: 'true'}\n");
    sandbox.atk(&["add", "./other"]).succeeds();
    let listed = sandbox.atk(&["list"]).succeeds().stdout;
    let last = listed.lines().last().unwrap();
    assert!(
        last.starts_with("plugins/tool is not in the manifest"),
        "{listed}"
    );
    let said = sandbox.atk(&["status", "other"]).succeeds().stderr;
    assert_eq!(said, "");
}
