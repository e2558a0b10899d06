//! What the user made of a plugin survives an upgrade, and counts for it.

use std::fs;

use super::Case;

#[test]
fn the_overlay_wins_for_the_install_of_the_new_version_too() {
    let case = Case::new();
    case.write(
        "custom/overrides.yaml",
        "lifecycle: {install: ./custom/install.sh}\nenv_vars: [{name: MODE, required: true}]\n",
    );
    case.write("custom/install.sh", "");
    case.sandbox
        .files("home/plugins/tool/custom")
        .exec("install.sh", "#!/bin/sh\necho \"mine $MODE\" >mine.log\n");
    case.write(".env", "MODE='from .env' # kept\n");
    case.sandbox.git(&["add", "."]);
    case.sandbox.git(&["commit", "-qm", "Mine"]);
    let files = case.tool.tree(".atk");
    // What would take the user's files over is left out, whatever it is.
    files
        .file("custom/overrides.yaml", "lifecycle: {install: 'false'}\n")
        .file("custom/install.sh", "exit 1\n")
        .file(".env", "MODE=theirs\n")
        .file(".gitignore", "!.env\n");
    case.second_version();
    let line = case.upgrade();
    let warnings = line["outcome"]["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 3, "{line}");
    assert_eq!(
        case.sandbox.read("plugins/tool/mine.log"),
        "mine from .env\n"
    );
    assert_eq!(
        case.sandbox.read("plugins/tool/.env"),
        "MODE='from .env' # kept\n"
    );
    assert_eq!(case.sandbox.read("plugins/tool/install.log"), "installed\n");
    assert!(!case.plugin(".gitignore").exists());
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn an_overlay_that_does_not_fit_the_new_version_is_named_and_nothing_changes() {
    let case = Case::new();
    case.write("custom/overrides.yaml", "ports: [{port: 70000}]\n");
    case.second_version();
    let refused = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(5)
        .json();
    let shown = refused["error"].to_string();
    assert!(shown.contains("custom/overrides.yaml:1:"), "{shown}");
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "one\n");
}

#[test]
fn other_work_of_the_users_stays_as_it_is() {
    let case = Case::new();
    let home = case.sandbox.home();
    fs::write(home.join("notes.md"), "staged\n").unwrap();
    case.sandbox.git(&["add", "notes.md"]);
    fs::write(home.join("draft.md"), "not staged\n").unwrap();
    case.write("custom/draft", "not committed\n");
    // A home of an older version: the secret patterns stand above an exception of the user's.
    let gitignore = case.sandbox.read(".gitignore");
    let older = format!("{gitignore}!plugins/other/\n!plugins/other/**\n!example.env\n");
    fs::write(home.join(".gitignore"), &older).unwrap();
    let pin = case.second_version();
    case.upgrade();
    let status = case.sandbox.git(&["status", "--porcelain", "-uall"]);
    assert_eq!(
        status,
        "A  notes.md\n?? draft.md\n?? plugins/tool/custom/draft"
    );
    let changed = case.sandbox.git(&["show", "--name-only", "--format="]);
    assert_eq!(changed, ".gitignore\nmanifest.yaml");
    let now = case.sandbox.read(".gitignore");
    let place = |line: &str| now.lines().position(|other| other == line).unwrap();
    assert!(place("!plugins/other/**") < place("*.env"), "{now}");
    assert!(place("*.env") < place("!example.env"), "{now}");
    assert!(case.sandbox.read("manifest.yaml").contains(&pin));
}

#[test]
fn comments_and_unknown_keys_of_the_manifest_survive() {
    let case = Case::new();
    let manifest = case.sandbox.read("manifest.yaml");
    let (before, after) = manifest.split_once("- name: Tool\n").unwrap();
    let mine = format!("# my tools\n{before}# the best\n- name: Tool # yes\n  note: mine\n{after}");
    fs::write(case.sandbox.home().join("manifest.yaml"), &mine).unwrap();
    case.sandbox.git(&["commit", "-qam", "Comments"]);
    let old = case.tool.head();
    case.tool.tree(".atk").definition("Better", super::INSTALL);
    let pin = case.tool.commit("Rename");
    case.upgrade();
    let expected = mine
        .replace(&old, &pin)
        .replace("name: Tool", "name: Better");
    assert_eq!(case.sandbox.read("manifest.yaml"), expected);
}

#[test]
fn without_auto_commit_everything_but_the_commit_is_done() {
    let case = Case::new();
    let manifest = case.sandbox.read("manifest.yaml");
    let manifest = manifest.replace("auto_commit: true", "auto_commit: false");
    fs::write(case.sandbox.home().join("manifest.yaml"), manifest).unwrap();
    case.sandbox.git(&["commit", "-qam", "By hand"]);
    let pin = case.second_version();
    let line = case.upgrade();
    assert_eq!(line["outcome"]["commit"], serde_json::Value::Null);
    assert_eq!(case.sandbox.log()[0], "By hand");
    assert_eq!(
        case.sandbox.git(&["status", "--porcelain"]),
        " M manifest.yaml"
    );
    assert!(case.sandbox.read("manifest.yaml").contains(&pin));
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
}

#[test]
fn a_version_that_ships_a_file_in_the_place_of_the_users_directory_changes_nothing_there() {
    let case = Case::new();
    case.write("custom/notes.md", "mine\n");
    case.write(".env", "MODE=mine\n");
    case.sandbox.git(&["add", "."]);
    case.sandbox.git(&["commit", "-qm", "Mine"]);
    let files = case.tool.tree(".atk");
    files
        .file("custom", "not a directory\n")
        .file(".env/inside", "not a file\n")
        .file(".atk-ref", "forged\n");
    let pin = case.second_version();
    let line = case.upgrade();
    let warnings = line["outcome"]["warnings"].to_string();
    for path in [".atk-ref", ".env", "custom"] {
        assert!(
            warnings.contains(&format!("`{path}` was left out")),
            "{warnings}"
        );
    }
    assert_eq!(case.sandbox.read("plugins/tool/custom/notes.md"), "mine\n");
    assert_eq!(case.sandbox.read("plugins/tool/.env"), "MODE=mine\n");
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}
