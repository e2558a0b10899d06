//! What is known of the files that lie there: by the receipt, by the stamp, or not at all.

use std::fs;

use atk_tests::repository::Registry;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

use super::Case;

#[test]
fn without_a_receipt_one_is_made_from_the_tree_at_the_pin() {
    let case = Case::new();
    fs::remove_dir_all(case.sandbox.home().join(".git/atk/receipts")).unwrap();
    case.write("data/store.db", "precious\n");
    case.write("changes", "edited\n");
    case.second_version();
    let report = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .succeeds()
        .json();
    let files = &report["plugins"][0]["outcome"]["plan"]["files"];
    assert_eq!(
        files["removed"].to_string(),
        r#"["becomes","goes/deep/file","turns/into"]"#
    );
    assert_eq!(files["edited"].to_string(), r#"["changes"]"#);
    assert_eq!(
        case.sandbox.read("plugins/tool/data/store.db"),
        "precious\n"
    );
    assert!(!case.plugin("goes").exists());
}

#[test]
fn where_the_pinned_tree_is_gone_nothing_is_deleted() {
    let case = Case::new();
    fs::remove_dir_all(case.sandbox.home().join(".git/atk/receipts")).unwrap();
    fs::remove_dir_all(case.sandbox.path("cache")).unwrap();
    case.tool
        .tree(".atk")
        .remove("goes")
        .file("changes", "two\n");
    // History is written anew, and the pinned commit is nowhere.
    case.tool.git(&["checkout", "-q", "--orphan", "other"]);
    case.tool.commit("Start again");
    case.tool.git(&["branch", "-M", "main"]);
    case.tool
        .git(&["reflog", "expire", "--expire=now", "--all"]);
    case.tool.git(&["gc", "-q", "--prune=now"]);
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/goes/deep/file"), "goes\n");
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
}

#[test]
fn a_receipt_of_files_that_another_tool_has_replaced_since_is_not_believed() {
    let case = Case::new();
    let pin = case.second_version();
    case.replaced_by_another_tool(&pin);
    case.write("changes", "edited\n");
    case.tool.tree(".atk").remove("new").file("mode", "three\n");
    case.tool.commit("Third version");
    let line = case.upgrade();
    assert_eq!(
        line["outcome"]["plan"]["files"].to_string(),
        r#"{"added":[],"changed":["changes","mode"],"removed":["new/file"],"edited":["changes"]}"#
    );
    assert!(!case.plugin("new").exists());
}

#[test]
fn without_a_receipt_the_stamp_says_whose_files_lie_there_and_not_the_pin() {
    let case = Case::new();
    fs::remove_dir_all(case.sandbox.home().join(".git/atk/receipts")).unwrap();
    let pin = case.second_version();
    case.pin_to(&pin);
    case.tool.tree(".atk").file("changes", "three\n");
    case.tool.commit("Third version");
    let line = case.upgrade();
    assert_eq!(
        line["outcome"]["plan"]["files"].to_string(),
        r#"{"added":["becomes/one","new/file","turns"],"changed":["changes","link","mode"],"removed":["becomes","goes/deep/file","turns/into"],"edited":[]}"#
    );
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "three\n");
}

#[test]
fn files_that_are_older_than_the_pin_are_brought_to_the_newest_commit() {
    let case = Case::new();
    let pin = case.second_version();
    case.pin_to(&pin);
    // The pin is the newest commit: there is nothing newer, and `install` is what is missing.
    let shown = case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert!(
        shown.stdout.contains("already up to date"),
        "{}",
        shown.stdout
    );
    assert!(
        shown
            .stderr
            .contains("its files do not match the pinned commit"),
        "{}",
        shown.stderr
    );
    case.tool.tree(".atk").file("changes", "three\n");
    let newest = case.tool.commit("Third version");
    let line = case.upgrade();
    let removed = &line["outcome"]["plan"]["files"]["removed"];
    assert_eq!(
        removed.to_string(),
        r#"["becomes","goes/deep/file","turns/into"]"#
    );
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{newest}\n")
    );
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_plugin_whose_files_are_missing_is_upgraded_too() {
    let case = Case::new();
    fs::remove_dir_all(case.plugin("")).unwrap();
    fs::remove_dir_all(case.sandbox.home().join(".git/atk")).unwrap();
    case.write("custom/notes.md", "mine\n");
    let pin = case.second_version();
    let line = case.upgrade();
    let added = line["outcome"]["plan"]["files"]["added"]
        .as_array()
        .unwrap();
    assert_eq!(added.len(), 9, "{line}");
    assert_eq!(line["outcome"]["installed"], true);
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
    assert_eq!(case.sandbox.read("plugins/tool/custom/notes.md"), "mine\n");
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
}

#[test]
fn files_that_are_gone_in_spite_of_their_stamp_are_installed_again() {
    let case = Case::new();
    let files = fs::read_dir(case.plugin("")).unwrap();
    for entry in files.map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => fs::remove_dir_all(entry.path()).unwrap(),
            false if entry.file_name() == ".atk-ref" => {}
            false => fs::remove_file(entry.path()).unwrap(),
        }
    }
    case.sandbox.atk(&["install", "tool"]).succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/goes/deep/file"), "goes\n");
    assert_eq!(case.sandbox.read("plugins/tool/install.log"), "installed\n");
}

#[test]
fn a_registry_plugin_without_a_receipt_is_looked_up_where_it_was() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.entry("echo", "some/where/deep/echo", "Echo");
    let files = registry.tree("some/where/deep/echo");
    files
        .definition("Echo", "maturity: verified\n")
        .file("goes", "goes\n");
    registry.commit("One");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.atk(&["add", "echo"]).succeeds();
    fs::remove_dir_all(sandbox.home().join(".git/atk/receipts")).unwrap();
    fs::remove_dir_all(sandbox.path("cache")).unwrap();
    registry.tree("").file("README.md", "another\n");
    registry.commit("Unrelated");
    let same = sandbox
        .atk(&["upgrade", "echo", "--json"])
        .succeeds()
        .json();
    assert_eq!(same["plugins"][0]["reason"], "up_to_date");

    let old = registry.tree("some/where/deep").remove("echo/goes");
    old.file("echo/new", "new\n");
    registry.commit("Two");
    let report = sandbox
        .atk(&["upgrade", "echo", "--json"])
        .succeeds()
        .json();
    assert_eq!(
        report["plugins"][0]["outcome"]["plan"]["files"].to_string(),
        r#"{"added":["new"],"changed":[],"removed":["goes"],"edited":[]}"#
    );
    // Now there is a receipt.
    registry.tree("some/where/deep").remove("echo/new");
    registry.commit("Three");
    server.reset();
    sandbox.atk(&["upgrade", "echo"]).succeeds();
    assert!(!sandbox.home().join("plugins/echo/new").exists());
}
