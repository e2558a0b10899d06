//! A newer version takes the place of an older one: touched files only, the user's kept, and all
//! or nothing.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

/// A home with a git plugin `Tool` of a served repository.
struct Case {
    sandbox: Sandbox,
    tool: Repository,
    server: GitServer,
}

const INSTALL: &str = "lifecycle: {install: ./install.sh, uninstall: 'true'}\n";

impl Case {
    fn new() -> Case {
        let sandbox = Sandbox::with_home();
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files
                .definition("Tool", INSTALL)
                .exec("install.sh", "#!/bin/sh\necho installed >>install.log\n")
                .file("kept", "the same\n")
                .file("changes", "one\n")
                .file("goes/deep/file", "goes\n")
                .file("turns/into", "a file\n")
                .file("becomes", "a directory\n")
                .exec("mode", "#!/bin/sh\n")
                .link("link", "kept")
        });
        let server = GitServer::start(sandbox.repos());
        sandbox.atk(&["add", "-y", &server.url("tool")]).succeeds();
        Case {
            sandbox,
            tool,
            server,
        }
    }

    fn second_version(&self) -> String {
        self.tool
            .tree(".atk")
            .remove("goes")
            .remove("turns")
            .remove("becomes")
            .remove("link")
            .file("changes", "two\n")
            .file("turns", "into a file\n")
            .file("becomes/one", "inside\n")
            .file("mode", "#!/bin/sh\n")
            .link("link", "changes")
            .file("new/file", "new\n");
        self.tool.commit("Second version")
    }

    fn plugin(&self, path: &str) -> std::path::PathBuf {
        self.sandbox.home().join("plugins/tool").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.plugin(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn mtime(path: &Path) -> (i64, i64) {
    let metadata = fs::symlink_metadata(path).unwrap();
    (metadata.mtime(), metadata.mtime_nsec())
}

#[test]
fn only_what_differs_is_touched_and_what_install_made_stays() {
    let case = Case::new();
    case.write(".venv/bin/python", "made by install\n");
    case.write("data/store.db", "precious\n");
    case.write("goes/mine", "mine\n");
    case.write("custom/notes.md", "my notes\n");
    let kept = [
        "kept",
        ".venv/bin/python",
        "data/store.db",
        "install.log",
        "install.sh",
        "custom/notes.md",
    ];
    let before: Vec<_> = kept.iter().map(|path| mtime(&case.plugin(path))).collect();
    let pin = case.second_version();

    let report = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .succeeds()
        .json();
    let files = &report["plugins"][0]["outcome"]["plan"]["files"];
    assert_eq!(
        files.to_string(),
        r#"{"added":["becomes/one","new/file","turns"],"changed":["changes","link","mode"],"removed":["becomes","goes/deep/file","turns/into"],"edited":[]}"#
    );
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
    assert_eq!(case.sandbox.read("plugins/tool/turns"), "into a file\n");
    assert_eq!(case.sandbox.read("plugins/tool/becomes/one"), "inside\n");
    assert_eq!(
        fs::read_link(case.plugin("link")).unwrap().to_str(),
        Some("changes")
    );
    assert!(!case.plugin("goes/deep").exists());
    assert_eq!(case.sandbox.read("plugins/tool/goes/mine"), "mine\n");
    let mode = fs::metadata(case.plugin("mode"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o111, 0, "it is no program any more");
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
    assert!(case.sandbox.read("manifest.yaml").contains(&pin));
    assert_eq!(
        case.sandbox.read("plugins/tool/install.log"),
        "installed\ninstalled\n"
    );
    let after: Vec<_> = kept.iter().map(|path| mtime(&case.plugin(path))).collect();
    for (at, path) in kept
        .iter()
        .enumerate()
        .filter(|(_, path)| **path != "install.log")
    {
        assert_eq!(before[at], after[at], "{path} was not touched");
    }
    assert_eq!(case.sandbox.log()[0], "Upgrade plugin 'Tool'");
    assert_eq!(
        case.sandbox.git(&["status", "--porcelain", "-uall"]),
        "?? plugins/tool/custom/notes.md"
    );
}

#[test]
fn what_the_user_edited_is_kept_in_a_backup() {
    let case = Case::new();
    case.write("changes", "edited\n");
    case.write("goes/deep/file", "edited too\n");
    case.write("new/file", "in the way\n");
    fs::set_permissions(case.plugin("kept"), fs::Permissions::from_mode(0o755)).unwrap();
    case.second_version();
    let report = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .succeeds()
        .json();
    let outcome = &report["plugins"][0]["outcome"];
    assert_eq!(
        outcome["plan"]["files"]["edited"].to_string(),
        r#"["changes","goes/deep/file","kept","new/file"]"#
    );
    let backup = Path::new(outcome["backup"].as_str().unwrap()).to_owned();
    for (path, text) in [
        ("changes", "edited\n"),
        ("goes/deep/file", "edited too\n"),
        ("new/file", "in the way\n"),
        ("kept", "the same\n"),
    ] {
        assert_eq!(
            fs::read_to_string(backup.join(path)).unwrap(),
            text,
            "{path}"
        );
    }
    assert!(
        outcome["warnings"][0]
            .as_str()
            .unwrap()
            .contains(backup.to_str().unwrap())
    );
    assert_eq!(case.sandbox.read("plugins/tool/new/file"), "new\n");
}

#[test]
fn a_directory_of_the_users_in_the_way_is_kept_with_all_that_is_in_it() {
    let case = Case::new();
    case.write("spot/a/b", "mine\n");
    case.tool
        .tree(".atk")
        .file("spot", "now a file of the plugin\n");
    case.tool.commit("Take the spot");
    let report = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .succeeds()
        .json();
    let backup = report["plugins"][0]["outcome"]["backup"]
        .as_str()
        .unwrap()
        .to_owned();
    let kept = fs::read_to_string(Path::new(&backup).join("spot/a/b")).unwrap();
    assert_eq!(kept, "mine\n");
    assert_eq!(
        case.sandbox.read("plugins/tool/spot"),
        "now a file of the plugin\n"
    );
}

#[test]
fn a_link_that_the_user_put_in_the_place_of_a_file_is_replaced_and_not_followed() {
    let case = Case::new();
    let outside = case.sandbox.path("work/outside");
    fs::write(&outside, "outside\n").unwrap();
    fs::remove_file(case.plugin("changes")).unwrap();
    symlink(&outside, case.plugin("changes")).unwrap();
    case.second_version();
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(fs::read_to_string(&outside).unwrap(), "outside\n");
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
    assert!(!case.plugin("changes").is_symlink());
}

#[test]
fn an_unrelated_commit_changes_nothing_at_all() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let install = "#!/bin/sh\necho ran >>ran\n";
    registry.plugin("echo", |files| {
        files
            .definition("Echo", INSTALL)
            .exec("install.sh", install)
    });
    registry.plugin("other", |files| files.definition("Other", ""));
    registry.commit("Two plugins");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.atk(&["add", "-y", "echo"]).succeeds();
    fs::write(sandbox.home().join("plugins/echo/foreign"), "x").unwrap();
    registry.plugin("other", |files| files.file("more", "more\n"));
    registry.commit("Change the other one");

    let before = sandbox.snapshot();
    let times = |path: &str| mtime(&sandbox.home().join(path));
    let files = [
        "manifest.yaml",
        ".gitignore",
        "plugins/echo/plugin.yaml",
        "plugins/echo/.atk-ref",
    ];
    let touched: Vec<_> = files.iter().map(|path| times(path)).collect();
    server.reset();
    let report = sandbox
        .atk(&["upgrade", "--all", "--json"])
        .succeeds()
        .json();
    assert_eq!(report["plugins"][0]["result"], "skipped");
    assert_eq!(report["plugins"][0]["reason"], "up_to_date");
    let difference = before.difference(&sandbox.snapshot());
    let difference: Vec<_> = difference.lines().collect();
    assert_eq!(difference, Vec::<&str>::new());
    assert_eq!(
        files.iter().map(|path| times(path)).collect::<Vec<_>>(),
        touched
    );
    assert_eq!(sandbox.read("plugins/echo/ran"), "ran\n");
    assert_eq!(server.stats().connections, 1);
    assert!(server.stats().requests <= 4, "{}", server.stats().summary());

    server.reset();
    sandbox.atk(&["upgrade", "--all"]).succeeds();
    // HEAD has moved since the pin, and everything about it is known already.
    assert!(server.stats().requests <= 3, "{}", server.stats().summary());
}

#[test]
fn a_failing_install_brings_the_old_version_back_and_the_next_upgrade_tries_again() {
    let case = Case::new();
    let pin = case.tool.head();
    case.tool.tree(".atk").exec(
        "install.sh",
        "#!/bin/sh\ntouch made; echo broken >&2; exit 9\n",
    );
    case.second_version();
    let before = case.sandbox.snapshot();
    let failed = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(6)
        .json();
    assert_eq!(failed["error"]["kind"], "lifecycle_failed");
    assert_eq!(failed["error"]["details"]["command_exit_code"], 9);
    assert_eq!(failed["error"]["details"]["output"], "broken");
    let difference = before.difference(&case.sandbox.snapshot());
    let unexpected: Vec<_> = difference
        .lines()
        .filter(|line| !line.contains(".git/atk/") && !line.contains("plugins/tool/made"))
        .collect();
    assert_eq!(unexpected, Vec::<&str>::new());
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );

    let pin = {
        case.tool
            .tree(".atk")
            .exec("install.sh", "#!/bin/sh\ntrue\n");
        case.tool.commit("Mend it")
    };
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
}

#[test]
fn what_runs_is_trusted_anew_and_documentation_is_not() {
    let case = Case::new();
    case.tool.tree(".atk").file("README.md", "# Read me\n");
    case.tool.commit("Document");
    case.sandbox.atk(&["upgrade", "tool"]).succeeds();

    case.tool
        .tree(".atk")
        .exec("install.sh", "#!/bin/sh\nrm -rf everything\n");
    case.tool.commit("Change what runs");
    let before = case.sandbox.snapshot();
    let asked = case
        .sandbox
        .atk(&["upgrade", "tool", "--json"])
        .fails(10)
        .json();
    assert_eq!(asked["error"]["kind"], "trust_required");
    assert_eq!(asked["error"]["details"]["prompt"], "trust:tool");
    let report = case
        .sandbox
        .atk(&["upgrade", "--all", "--json"])
        .fails(1)
        .json();
    assert_eq!(report["plugins"][0]["error"]["kind"], "trust_required");
    assert_eq!(
        before
            .difference(&case.sandbox.snapshot())
            .lines()
            .filter(|line| !line.contains(".git/atk/"))
            .count(),
        0
    );
    let plan = case
        .sandbox
        .atk(&["upgrade", "tool", "--dry-run", "--json"])
        .succeeds()
        .json();
    assert_eq!(plan["plugins"][0]["outcome"]["needs_trust"], true);
    case.sandbox
        .atk(&["upgrade", "tool", "--trust", &case.server.url("")])
        .succeeds();
}

#[test]
fn a_new_required_variable_is_asked_for_before_anything_changes() {
    let case = Case::new();
    let variables = "env_vars:\n- {name: TOKEN, required: true, secret: true}\n- {name: MORE}\n";
    case.tool
        .tree(".atk")
        .definition("Tool", &format!("{INSTALL}{variables}"));
    case.tool.commit("Want a token");
    let before = case.sandbox.snapshot();
    let failed = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(8)
        .json();
    assert_eq!(
        failed["error"]["details"]["variables"].to_string(),
        r#"["TOKEN"]"#
    );
    assert_eq!(
        before
            .difference(&case.sandbox.snapshot())
            .lines()
            .filter(|line| !line.contains(".git/atk/"))
            .count(),
        0
    );
    case.sandbox
        .atk_with_input(&["upgrade", "tool", "-y"], "s3cret\n")
        .succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/.env"), "TOKEN=s3cret\n");
}

#[test]
fn a_plugin_renamed_at_its_source_keeps_its_directory_and_takes_the_name() {
    let case = Case::new();
    case.tool.tree(".atk").definition("Better Tool", INSTALL);
    case.tool.commit("Rename");
    case.sandbox.atk(&["upgrade", "Tool", "-y"]).succeeds();
    let manifest = case.sandbox.read("manifest.yaml");
    assert!(
        manifest.contains("- name: Better Tool\n  directory: tool\n"),
        "{manifest}"
    );
    assert_eq!(case.sandbox.log()[0], "Upgrade plugin 'Better Tool'");
}

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
fn a_registry_name_that_needs_sanitising_is_found_again() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("My_Tool 2", |files| {
        files.definition("Whatever", "maturity: verified\n")
    });
    registry.commit("One");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.atk(&["add", "My_Tool 2"]).succeeds();
    registry.plugin("My_Tool 2", |files| files.file("more", "more\n"));
    let pin = registry.commit("Two");
    sandbox.atk(&["upgrade", "my-tool-2"]).succeeds();
    assert_eq!(
        sandbox.read("plugins/my-tool-2/.atk-ref"),
        format!("{pin}\n")
    );
    assert_eq!(sandbox.read("plugins/my-tool-2/more"), "more\n");
}

#[test]
fn of_all_the_local_the_current_and_the_failing_stop_nobody() {
    let case = Case::new();
    let sandbox = &case.sandbox;
    let current = Repository::tool(&sandbox.repos(), "current", |files| {
        files.definition("Current", "")
    });
    let gone = Repository::tool(&sandbox.repos(), "gone", |files| {
        files.definition("Gone", "")
    });
    sandbox
        .atk(&["add", "-y", &case.server.url("gone")])
        .succeeds();
    sandbox
        .atk(&["add", "-y", &case.server.url("current")])
        .succeeds();
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    let last = Repository::tool(&sandbox.repos(), "last", |files| {
        files.definition("Last", "")
    });
    sandbox
        .atk(&["add", "-y", &case.server.url("last")])
        .succeeds();
    case.second_version();
    last.tree(".atk").file("more", "more\n");
    last.commit("More");
    fs::remove_dir_all(gone.git_dir()).unwrap();
    drop(current);

    let shown = sandbox
        .atk(&["upgrade", "--all", "-y", "--color", "never"])
        .fails(1);
    // Below a failure stands what git said.
    let lines = shown.stdout.lines().filter(|line| !line.starts_with(' '));
    let lines: Vec<&str> = lines.collect();
    assert!(lines[0].starts_with("tool: upgraded "), "{lines:?}");
    assert!(lines[1].starts_with("gone: failed: "), "{lines:?}");
    assert_eq!(lines[2], "current: already up to date");
    assert_eq!(lines[3], "mine: local plugins are not upgraded");
    assert!(lines[4].starts_with("last: upgraded "), "{lines:?}");
    assert_eq!(lines[5], "5 plugins: 2 upgraded, 2 skipped, 1 failed");
    assert_eq!(
        sandbox.log()[..2],
        ["Upgrade plugin 'Last'", "Upgrade plugin 'Tool'"]
    );

    let local = sandbox.atk(&["upgrade", "mine", "--json"]).fails(1).json();
    assert_eq!(local["error"]["kind"], "local_not_upgradable");
    let unknown = sandbox
        .atk(&["upgrade", "nobody", "--json"])
        .fails(4)
        .json();
    assert_eq!(unknown["error"]["kind"], "plugin_not_installed");
}

#[test]
fn a_plan_names_everything_that_changes_and_changes_nothing() {
    let case = Case::new();
    let old =
        "ports: [{port: 8001}]\nenv_vars: [{name: OLD}]\nmcp: {transport: stdio, command: old}\n";
    case.tool
        .tree(".atk")
        .definition("Tool", &format!("{INSTALL}{old}"));
    case.tool.commit("Old");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    let new = "ports: [{port: 8002}]\nenv_vars: [{name: NEW, required: true}]\n\
               mcp: {transport: stdio, command: new, args: [a, b]}\n";
    case.tool
        .tree(".atk")
        .definition("Tool", &format!("{INSTALL}{new}"));
    case.write("changes", "edited\n");
    case.second_version();
    let before = case.sandbox.snapshot();
    let shown = case
        .sandbox
        .atk(&["upgrade", "tool", "--dry-run", "--color", "never"])
        .succeeds()
        .stdout;
    let plan = shown.split_once("\n\n").unwrap().1;
    let plan = plan.split_once('\n').unwrap().1;
    insta::assert_snapshot!(plan, @r#"
      + becomes/one
      + new/file
      + turns
      ~ changes
      ~ link
      ~ mode
      ~ plugin.yaml
      - becomes
      - goes/deep/file
      - turns/into
      ! changes (edited by you: kept in a backup)
      ~ mcp.command: old -> new
      ~ mcp.args: nothing -> ["a","b"]
      + port 8002
      - port 8001
      + variable NEW (required)
      - variable OLD
      what runs has changed: it will be asked whether to trust it
    "#);
    assert_eq!(
        before
            .difference(&case.sandbox.snapshot())
            .lines()
            .filter(|line| !line.contains(".git/atk/"))
            .count(),
        0
    );
}

#[test]
fn a_commit_hook_that_refuses_brings_everything_back() {
    let case = Case::new();
    case.second_version();
    let hook = case.sandbox.home().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho not today >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let before = case.sandbox.snapshot();
    let failed = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(7)
        .json();
    assert_eq!(failed["error"]["kind"], "commit_refused");
    let difference = before.difference(&case.sandbox.snapshot());
    let unexpected: Vec<_> = difference
        .lines()
        .filter(|line| !line.contains(".git/atk/") && !line.contains("plugins/tool/install.log"))
        .collect();
    assert_eq!(unexpected, Vec::<&str>::new());
}
