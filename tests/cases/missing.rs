//! Plugins whose files are missing: the advice must work.

use std::fs;

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;

/// Runs the git command that a help names.
#[track_caller]
fn follow(sandbox: &Sandbox, said: &str) {
    let command = said.split('`').find(|part| part.starts_with("git -C "));
    let command = command.unwrap_or_else(|| panic!("no git command in {said}"));
    let mut shell = sandbox.program("sh");
    shell.args(["-c", command]);
    sandbox.spawn(shell).wait().succeeds();
}

#[test]
fn files_of_a_local_plugin_come_back_from_the_last_commit() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/mine").definition("mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    fs::remove_dir_all(sandbox.home().join("plugins/mine")).unwrap();
    for command in [
        &["install", "mine"][..],
        &["start", "mine"],
        &["setup", "mine"],
        &["mcp", "mine"],
        &["run", "mine", "x"],
    ] {
        let said = sandbox.atk(command).fails(5).stderr;
        assert!(
            said.contains("`plugins/mine/plugin.yaml` does not exist"),
            "{said}"
        );
        assert!(said.contains("checkout HEAD -- plugins/mine"), "{said}");
        assert!(!said.contains("install"), "{said}");
    }
    let said = sandbox.atk(&["install", "--all"]).fails(1);
    follow(&sandbox, &(said.stdout + &said.stderr));
    sandbox.atk(&["install", "mine"]).succeeds();
}

#[test]
fn files_that_an_earlier_commit_has_come_back_from_it_without_touching_custom() {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/mine")
        .definition("mine", "")
        .file("custom/note", "old\n");
    sandbox.atk(&["add", "./mine"]).succeeds();
    sandbox.git(&["rm", "-q", "-r", "plugins/mine"]);
    sandbox.git(&["commit", "-q", "-m", "Lose it"]);
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "Go on"]);
    sandbox
        .files("home/plugins/mine/custom")
        .file("note", "new\n");
    let said = sandbox.atk(&["install", "mine"]).fails(5).stderr;
    assert!(!said.contains("HEAD"), "{said}");
    follow(&sandbox, &said);
    sandbox.atk(&["install", "mine"]).succeeds();
    assert_eq!(sandbox.read("plugins/mine/custom/note"), "new\n");
}

#[test]
fn files_that_no_commit_has_are_to_be_added_again() {
    let sandbox = Sandbox::with_home();
    let manifest = sandbox.read("manifest.yaml").replace(
        "plugins: []\n",
        "plugins:\n- name: mine\n  directory: mine\n  source: {type: local}\n",
    );
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-q", "-a", "-m", "Only the entry"]);
    let said = sandbox.atk(&["install", "mine"]).fails(5).stderr;
    assert!(
        said.contains("atk remove mine") && said.contains("atk add"),
        "{said}"
    );
    // That is possible.
    sandbox.atk(&["remove", "mine", "-y"]).succeeds();
    sandbox.files("work/mine").definition("mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
}

#[test]
fn files_that_can_be_fetched_are_to_be_installed() {
    let sandbox = Sandbox::with_home();
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("tool", "lifecycle: {start: 'true'}\n")
    });
    let url = format!("file://{}", sandbox.path("repos/tool").display());
    sandbox.atk(&["add", "-y", &url]).succeeds();
    fs::remove_dir_all(sandbox.home().join("plugins/tool")).unwrap();
    let said = sandbox.atk(&["start", "tool"]).fails(5).stderr;
    assert!(said.contains("`atk install tool`"), "{said}");
    sandbox.atk(&["install", "tool"]).succeeds();
    sandbox.atk(&["start", "tool"]).succeeds();
}
