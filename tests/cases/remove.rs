//! A plugin goes, whole or not at all, and nothing else does.

mod kept;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

const LIFECYCLE: &str = "lifecycle:\n  install: 'true'\n  uninstall: echo uninstall >>../../../trace\n  stop: echo stop >>../../../trace\n";

/// A home with a local plugin `Mine`.
fn with_local(more: &str) -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/mine")
        .definition("Mine", more)
        .file("skill.md", "# Skill\n");
    sandbox.atk(&["add", "./mine"]).succeeds();
    sandbox
}

/// What changed since, but for ATK's own scratch.
fn changes(before: &atk_tests::sandbox::Snapshot, sandbox: &Sandbox) -> Vec<String> {
    let difference = before.difference(&sandbox.snapshot());
    let lines = difference.lines().filter(|line| !line.contains(".git/atk"));
    lines.map(str::to_owned).collect()
}

#[test]
fn stop_and_uninstall_run_and_everything_of_the_plugin_goes() {
    let sandbox = Sandbox::with_home();
    let before = sandbox.read(".gitignore");
    sandbox.files("work/mine").definition("Mine", LIFECYCLE);
    sandbox.atk(&["add", "./mine"]).succeeds();
    fs::write(sandbox.home().join("plugins/mine/.env"), "A=1\n").unwrap();
    fs::create_dir(sandbox.home().join("plugins/mine/custom")).unwrap();
    fs::write(
        sandbox.home().join("plugins/mine/custom/mine"),
        "not committed\n",
    )
    .unwrap();
    let removed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .succeeds()
        .json();
    assert_eq!(
        fs::read_to_string(sandbox.path("trace")).unwrap(),
        "stop\nuninstall\n"
    );
    assert_eq!(removed["uninstalled"], true);
    assert!(!sandbox.home().join("plugins/mine").exists());
    assert!(!sandbox.read("manifest.yaml").contains("Mine"));
    assert_eq!(sandbox.read(".gitignore"), before);
    assert_eq!(
        sandbox.log()[..2],
        ["Remove plugin 'Mine'", "Save 'Mine' before removal"]
    );
    assert_eq!(
        sandbox.git(&["show", "HEAD^:plugins/mine/custom/mine"]),
        "not committed"
    );
    let files = sandbox.git(&["ls-tree", "-r", "--name-only", "HEAD^"]);
    assert!(!files.contains(".env"), "{files}");
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    assert!(!sandbox.home().join(".git/atk/receipts/mine.json").exists());
}

#[test]
fn without_an_answer_there_is_an_error_and_no_is_an_answer() {
    let sandbox = with_local(LIFECYCLE);
    let before = sandbox.snapshot();
    let asked = sandbox.atk(&["remove", "mine", "--json"]).fails(1).json();
    assert_eq!(asked["error"]["code"], "interaction_required");
    assert_eq!(asked["error"]["details"]["prompt"], "confirm:remove:mine");
    let said = sandbox
        .atk_with_input(&["remove", "mine"], "n\n")
        .succeeds();
    assert!(said.stderr.contains("cancelled"), "{}", said.stderr);
    for shown in [
        "runs stop: echo stop",
        "runs uninstall: echo uninstall",
        "deletes plugins/mine/",
    ] {
        assert!(said.stderr.contains(shown), "{shown}: {}", said.stderr);
    }
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    assert!(!sandbox.path("trace").exists());
}

#[test]
fn a_failing_uninstall_stops_it_unless_failures_are_ignored() {
    let lifecycle =
        "lifecycle: {install: 'true', uninstall: 'echo stuck >&2; exit 7', stop: exit 3}\n";
    let sandbox = with_local(lifecycle);
    let before = sandbox.snapshot();
    let failed = sandbox
        .atk(&["uninstall", "mine", "-y", "--json"])
        .fails(6)
        .json();
    assert_eq!(failed["error"]["details"]["command"], "uninstall");
    assert_eq!(failed["error"]["details"]["command_exit_code"], 7);
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    sandbox.atk(&["uninstall", "mine", "--force"]).fails(6);
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    let removed = sandbox
        .atk(&[
            "uninstall",
            "mine",
            "--force",
            "--ignore-failures",
            "--json",
        ])
        .succeeds()
        .json();
    assert_eq!(removed["uninstalled"], false);
    let warning = removed["warnings"][1].as_str().unwrap();
    assert!(
        warning.contains("should have undone outside the plugin"),
        "{warning}"
    );
    assert_eq!(
        removed["warnings"].as_array().unwrap().len(),
        2,
        "{removed}"
    );
    assert!(!sandbox.home().join("plugins/mine").exists());
}

#[test]
fn what_is_no_plugin_name_touches_nothing() {
    let sandbox = with_local("");
    let outside = sandbox.path("work/precious");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "precious\n").unwrap();
    let before = sandbox.snapshot();
    let absolute = outside.to_str().unwrap();
    for word in [
        "",
        "..",
        ".",
        "/",
        absolute,
        "../mine",
        "plugins/mine",
        "mine/",
        "./mine",
        "custom",
        "Mine/..",
        "mine\n",
        "\u{1b}[2J",
        "manifest.yaml",
        "*",
        "~",
        ".git",
    ] {
        let failed = sandbox
            .atk(&["remove", "--force", "--json", "--", word])
            .fails(4)
            .json();
        assert_eq!(failed["error"]["code"], "plugin_not_installed", "{word:?}");
    }
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    assert_eq!(
        fs::read_to_string(outside.join("file")).unwrap(),
        "precious\n"
    );
}

#[test]
fn a_display_name_never_captures_the_directory_of_another() {
    let sandbox = with_local("");
    // Its name is the other's directory.
    sandbox.files("work/other").definition("mine", "");
    fs::create_dir_all(sandbox.home().join("plugins")).unwrap();
    fs::rename(
        sandbox.path("work/other"),
        sandbox.home().join("plugins/other"),
    )
    .unwrap();
    let place = sandbox.home().join("plugins/other");
    sandbox.atk(&["add", place.to_str().unwrap()]).succeeds();
    sandbox.atk(&["remove", "mine", "--force"]).succeeds();
    assert!(place.exists());
    assert!(!sandbox.home().join("plugins/mine").exists());
    // Now no other directory has the name.
    sandbox.atk(&["remove", "mine", "--force"]).succeeds();
    assert!(!place.exists());
}

#[test]
fn a_directory_without_an_entry_is_cleaned_up_when_asked() {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("home/plugins/left-over")
        .file("file", "x\n")
        .file("custom/mine", "mine\n");
    let before = sandbox.snapshot();
    let asked = sandbox
        .atk(&["remove", "left-over", "--json"])
        .fails(1)
        .json();
    assert_eq!(
        asked["error"]["details"]["prompt"],
        "confirm:clean:left-over"
    );
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    let removed = sandbox
        .atk(&["remove", "left-over", "-y", "--json"])
        .succeeds()
        .json();
    assert_eq!(removed["was_installed"], false);
    assert!(!sandbox.home().join("plugins/left-over").exists());
    assert_eq!(sandbox.log()[0], "Remove plugin 'left-over'");
    assert_eq!(
        sandbox.git(&["show", "HEAD^:plugins/left-over/custom/mine"]),
        "mine"
    );
}

#[test]
fn a_broken_definition_and_missing_files_do_not_keep_a_plugin() {
    let sandbox = with_local(LIFECYCLE);
    fs::write(sandbox.home().join("plugins/mine/plugin.yaml"), "no: [yaml").unwrap();
    let removed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .succeeds()
        .json();
    assert!(
        removed["warnings"][0]
            .as_str()
            .unwrap()
            .contains("its commands could not be run")
    );
    assert!(!sandbox.home().join("plugins/mine").exists());

    let sandbox = with_local(LIFECYCLE);
    fs::remove_dir_all(sandbox.home().join("plugins/mine")).unwrap();
    sandbox.atk(&["remove", "mine", "-y"]).succeeds();
    assert!(!sandbox.read("manifest.yaml").contains("Mine"));
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_link_in_the_place_of_a_plugin_is_refused() {
    let sandbox = with_local("");
    let outside = sandbox.path("work/precious");
    fs::rename(sandbox.home().join("plugins/mine"), &outside).unwrap();
    symlink(&outside, sandbox.home().join("plugins/mine")).unwrap();
    let failed = sandbox
        .atk(&["remove", "mine", "--force", "--json"])
        .fails(1)
        .json();
    assert_eq!(failed["error"]["code"], "home_invalid");
    assert!(outside.join("plugin.yaml").exists());
}

#[test]
fn a_plugin_that_deletes_its_own_directory_is_removed_all_the_same() {
    let lifecycle = "lifecycle: {install: 'true', uninstall: 'rm -rf \"$ATK_PLUGIN_DIR\"'}\n";
    let sandbox = with_local(lifecycle);
    sandbox.atk(&["remove", "mine", "-y"]).succeeds();
    assert!(!sandbox.read("manifest.yaml").contains("Mine"));
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    sandbox.atk(&["list"]).succeeds();
}

#[test]
fn other_work_of_the_users_stays_as_it_is() {
    let sandbox = with_local("");
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    let server = GitServer::start(sandbox.repos());
    sandbox.atk(&["add", "-y", &server.url("tool")]).succeeds();
    fs::write(sandbox.home().join("notes"), "staged\n").unwrap();
    sandbox.git(&["add", "notes"]);
    fs::write(sandbox.home().join("plugins/mine/skill.md"), "edited\n").unwrap();
    sandbox.atk(&["remove", "tool", "--force"]).succeeds();
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        "A  notes\n M plugins/mine/skill.md"
    );
    drop(tool);
}

#[test]
fn without_auto_commit_nothing_is_committed() {
    let sandbox = with_local("");
    let manifest = sandbox
        .read("manifest.yaml")
        .replace("auto_commit: true", "auto_commit: false");
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    let log = sandbox.log();
    let removed = sandbox
        .atk(&["remove", "mine", "--force", "--json"])
        .succeeds()
        .json();
    assert_eq!(removed["commit"], serde_json::Value::Null);
    assert_eq!(sandbox.log(), log);
    assert!(!sandbox.home().join("plugins/mine").exists());
}

#[test]
fn what_is_not_committed_is_saved_before_the_plugin_can_delete_it() {
    let lifecycle = "lifecycle: {install: 'true', uninstall: 'rm -rf \"$ATK_PLUGIN_DIR\"'}\n";
    let sandbox = with_local(lifecycle);
    fs::write(sandbox.home().join("plugins/mine/skill.md"), "edited\n").unwrap();
    sandbox.atk(&["remove", "mine", "-y"]).succeeds();
    assert_eq!(
        sandbox.log()[..2],
        ["Remove plugin 'Mine'", "Save 'Mine' before removal"]
    );
    assert_eq!(
        sandbox.git(&["show", "HEAD^:plugins/mine/skill.md"]),
        "edited"
    );
    assert_eq!(sandbox.git(&["ls-files", "plugins"]), "");
}

#[test]
fn a_stop_that_deletes_the_directory_leaves_uninstall_nothing_to_do() {
    let lifecycle = "lifecycle: {install: 'true', uninstall: 'true', stop: 'rm -rf ../mine'}\n";
    let sandbox = with_local(lifecycle);
    let removed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .succeeds()
        .json();
    assert_eq!(removed["uninstalled"], false);
    let warning = removed["warnings"][0].as_str().unwrap();
    assert!(warning.contains("`uninstall`"), "{removed}");
    assert!(!sandbox.read("manifest.yaml").contains("Mine"));
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_hook_that_refuses_keeps_everything_and_nothing_of_the_plugin_runs() {
    let sandbox = with_local(LIFECYCLE);
    fs::write(sandbox.home().join("plugins/mine/skill.md"), "edited\n").unwrap();
    sandbox
        .files("home/.git/hooks")
        .exec("pre-commit", "#!/bin/sh\necho never; exit 1\n");
    let before = sandbox.snapshot();
    let failed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .fails(7)
        .json();
    assert_eq!(failed["error"]["code"], "commit_refused");
    before.assert_unchanged();
    assert!(!sandbox.path("trace").exists(), "no command was run");
    // Nothing to save: the hook refuses the removal itself, and the files are back.
    fs::write(sandbox.home().join("plugins/mine/skill.md"), "# Skill\n").unwrap();
    let before = sandbox.snapshot();
    sandbox.atk(&["remove", "mine", "--force"]).fails(7);
    before.assert_unchanged();
}

#[test]
fn all_entries_of_a_directory_go_by_whichever_name() {
    let sandbox = with_local("");
    let twice = "- name: Twin\n  directory: mine\n  source:\n    type: local\n    ref: null\n    url: null\n";
    let manifest = sandbox.read("manifest.yaml") + twice;
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-qam", "Twice"]);
    let report = sandbox.atk(&["setup", "--all", "--json"]).succeeds().json();
    assert_eq!(report["plugins"].as_array().unwrap().len(), 1, "{report}");
    sandbox.atk(&["remove", "Twin", "-y"]).succeeds();
    assert!(sandbox.read("manifest.yaml").ends_with("plugins: []\n"));
    assert!(!sandbox.home().join("plugins/mine").exists());
}

#[test]
fn a_file_among_the_plugins_is_no_plugin() {
    let sandbox = Sandbox::with_home();
    sandbox.files("home/plugins").file("notes", "mine\n");
    let before = sandbox.snapshot();
    sandbox.atk(&["remove", "notes", "--force"]).fails(4);
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
}

#[test]
fn answers_reach_no_commit_in_a_home_whose_patterns_stand_in_the_wrong_order() {
    let sandbox = with_local("");
    let secrets = "*.env\n.env.*\n";
    let gitignore = sandbox.read(".gitignore").replace(secrets, "");
    fs::write(
        sandbox.home().join(".gitignore"),
        format!("{secrets}{gitignore}"),
    )
    .unwrap();
    sandbox.git(&["commit", "-qam", "An older home"]);
    sandbox
        .files("home/plugins/mine")
        .file(".env", "TOKEN=s3cret\n")
        .file("skill.md", "edited\n");
    assert!(
        sandbox
            .git(&["status", "--porcelain"])
            .contains("plugins/mine/.env")
    );
    sandbox.atk(&["remove", "mine", "-y"]).succeeds();
    assert_eq!(
        sandbox.git(&["show", "HEAD^:plugins/mine/skill.md"]),
        "edited"
    );
    let ever = sandbox.git(&["log", "--all", "--name-only", "--format="]);
    assert!(!ever.contains(".env"), "{ever}");
    assert!(sandbox.read(".gitignore").ends_with("*.env\n.env.*\n"));
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn cleaning_up_commits_nothing_but_what_was_cleaned_up() {
    let sandbox = with_local("");
    sandbox
        .files("home/plugins/left-over")
        .file("file", "x\n")
        .file("custom/mine", "mine\n");
    let manifest = format!("# mine\n{}", sandbox.read("manifest.yaml"));
    fs::write(sandbox.home().join("manifest.yaml"), &manifest).unwrap();
    let gitignore = format!("{}# mine\n", sandbox.read(".gitignore"));
    fs::write(sandbox.home().join(".gitignore"), &gitignore).unwrap();
    sandbox.atk(&["remove", "left-over", "-y"]).succeeds();
    assert_eq!(sandbox.read("manifest.yaml"), manifest);
    assert_eq!(sandbox.read(".gitignore"), gitignore);
    assert_eq!(
        sandbox.git(&["show", "--name-only", "--format="]),
        "plugins/left-over/custom/mine"
    );
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        " M .gitignore\n M manifest.yaml"
    );
}

#[test]
fn what_cannot_be_saved_stops_it_unless_failures_are_ignored() {
    let sandbox = with_local(LIFECYCLE);
    sandbox
        .files("home/plugins/mine/custom/clone/.git")
        .file("HEAD", "ref: refs/heads/main\n");
    let before = sandbox.snapshot();
    let failed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .fails(5)
        .json();
    assert_eq!(failed["error"]["code"], "content_refused");
    let message = failed["error"]["message"].as_str().unwrap();
    assert!(message.contains("plugins/mine/custom/clone"), "{message}");
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    assert!(!sandbox.path("trace").exists(), "no command was run");
    sandbox.atk(&["remove", "mine", "--force"]).fails(5);
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    let removed = sandbox
        .atk(&["remove", "mine", "-y", "--ignore-failures", "--json"])
        .succeeds()
        .json();
    assert_eq!(removed["warnings"].as_array().unwrap().len(), 2);
    assert!(!sandbox.home().join("plugins/mine").exists());
    let kept = Path::new(removed["backup"].as_str().unwrap());
    assert!(kept.join("custom/clone/.git/HEAD").exists());
    assert!(kept.join("skill.md").exists());
}

#[test]
fn a_plugin_that_is_tracked_as_an_empty_link_goes_too() {
    let sandbox = with_local("");
    // As another tool commits a local plugin that is a repository of its own.
    let plugin = sandbox.home().join("plugins/mine");
    for args in [
        &["init", "-q"][..],
        &["add", "."],
        &["commit", "-qm", "Own"],
    ] {
        let mut git = sandbox.program("git");
        git.arg("-C").arg(&plugin).args(args);
        sandbox.spawn(git).wait().succeeds();
    }
    sandbox.git(&["rm", "-rq", "--cached", "plugins/mine"]);
    sandbox.git(&["-c", "advice.addEmbeddedRepo=false", "add", "plugins/mine"]);
    sandbox.git(&["commit", "-qm", "A link"]);
    assert!(
        sandbox
            .git(&["ls-files", "--stage", "plugins"])
            .starts_with("160000")
    );
    let removed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .succeeds()
        .json();
    assert!(!plugin.exists());
    // Its history is nowhere else.
    let kept = Path::new(removed["backup"].as_str().unwrap());
    assert!(kept.join(".git/HEAD").exists() && kept.join("skill.md").exists());
    assert_eq!(sandbox.git(&["ls-files", "plugins"]), "");
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn lines_of_the_users_own_stay_when_a_plugin_goes() {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    sandbox.atk(&["add", "-y", &tool.file_url()]).succeeds();
    let gitignore = sandbox.read(".gitignore").replace(
        "# Local development",
        "!plugins/tool/\n!plugins/tool/**\n\n# Local development",
    );
    fs::write(sandbox.home().join(".gitignore"), &gitignore).unwrap();
    sandbox.git(&["commit", "-qam", "Mine"]);
    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    assert_eq!(sandbox.read(".gitignore"), gitignore);
}

#[test]
fn the_question_names_what_is_the_users() {
    let sandbox = with_local("");
    sandbox
        .files("home/plugins/mine")
        .file(".env", "TOKEN=s3cret\n")
        .file("custom/notes", "mine\n")
        .file("custom/overrides.yaml", "name: Other\n");
    let said = sandbox
        .atk_with_input(&["remove", "mine"], "no\n")
        .succeeds()
        .stderr;
    for shown in [
        "remove `Mine`",
        "deletes plugins/mine/custom/, which holds your files",
        "moves plugins/mine/.env, which holds your answers, to the trash for 30 days",
    ] {
        assert!(said.contains(shown), "{shown}: {said}");
    }
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn adding_leaves_the_users_work_on_gitignore_uncommitted_too() {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    let gitignore = sandbox.read(".gitignore").replacen('#', "# mine\n#", 1);
    fs::write(sandbox.home().join(".gitignore"), &gitignore).unwrap();
    sandbox.atk(&["add", "-y", &tool.file_url()]).succeeds();
    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    assert_eq!(sandbox.read(".gitignore"), gitignore);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), " M .gitignore");
}
