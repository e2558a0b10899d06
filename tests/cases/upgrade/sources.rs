//! Sources that move on, stand still, go away or change names.

use std::fs;
use std::os::unix::fs::symlink;

use atk_tests::patience::wait_until;
use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{GitServer, Trouble};

use super::{Case, INSTALL, mtime};

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
fn local_current_and_failing_plugins_do_not_stop_the_others() {
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
    let lines: Vec<&str> = shown.stdout.lines().collect();
    assert!(lines[0].starts_with("tool: upgraded "), "{lines:?}");
    assert_eq!(lines[1], "gone: failed");
    assert!(shown.stderr.contains("gone: failed: "), "{}", shown.stderr);
    assert_eq!(lines[2], "current: already up to date");
    assert_eq!(lines[3], "mine: local plugins cannot be upgraded");
    assert!(lines[4].starts_with("last: upgraded "), "{lines:?}");
    assert_eq!(
        lines[5],
        "5 plugins: 2 upgraded, 1 already up to date, 1 skipped, 1 failed"
    );
    assert_eq!(
        sandbox.log()[..2],
        ["Upgrade plugin 'Last'", "Upgrade plugin 'Tool'"]
    );

    let local = sandbox.atk(&["upgrade", "mine", "--json"]).fails(1).json();
    assert_eq!(local["error"]["code"], "local_not_upgradable");
    let unknown = sandbox
        .atk(&["upgrade", "nobody", "--json"])
        .fails(4)
        .json();
    assert_eq!(unknown["error"]["code"], "plugin_not_installed");
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
fn a_link_in_the_place_of_a_plugin_does_not_stop_the_others() {
    let case = Case::new();
    let other = Repository::tool(&case.sandbox.repos(), "other", |files| {
        files.definition("Other", "")
    });
    case.sandbox
        .atk(&["add", "-y", &case.server.url("other")])
        .succeeds();
    let outside = case.sandbox.path("work/outside");
    fs::rename(case.plugin(""), &outside).unwrap();
    symlink(&outside, case.sandbox.home().join("plugins/tool")).unwrap();
    case.second_version();
    other.tree(".atk").file("more", "more\n");
    other.commit("More");

    let listed = case.sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert_eq!(listed[0]["state"], "missing");
    for operation in ["install", "upgrade"] {
        let all = [operation, "--all", "-y", "--json"];
        let report = case.sandbox.atk(&all).fails(1).json();
        assert_eq!(report["plugins"][0]["result"], "failed", "{report}");
        assert_eq!(report["plugins"][1]["result"], "done", "{report}");
    }
    assert_eq!(
        fs::read_to_string(outside.join("changes")).unwrap(),
        "one\n"
    );
}

#[test]
fn a_name_that_the_user_gave_stays_until_the_source_changes_its_own() {
    let case = Case::new();
    let manifest = case.sandbox.read("manifest.yaml");
    let mine = manifest.replace("name: Tool", "name: Mine");
    fs::write(case.sandbox.home().join("manifest.yaml"), mine).unwrap();
    case.sandbox.git(&["commit", "-qam", "My name for it"]);
    case.second_version();
    case.upgrade();
    assert!(case.sandbox.read("manifest.yaml").contains("name: Mine"));
    assert_eq!(case.sandbox.log()[0], "Upgrade plugin 'Mine'");
    case.tool.tree(".atk").definition("Other", INSTALL);
    case.tool.commit("Rename");
    case.upgrade();
    assert!(case.sandbox.read("manifest.yaml").contains("name: Other"));
}

#[test]
fn a_plugin_is_found_where_the_registry_moved_it_and_missed_where_it_is_gone() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for name in ["moves", "goes", "stays"] {
        registry.plugin(name, |files| files.definition(name, "maturity: verified\n"));
    }
    registry.commit("Three");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    for name in ["moves", "goes", "stays"] {
        sandbox.atk(&["add", name]).succeeds();
    }
    registry.remove("moves").remove("goes");
    registry.entry("moves", "else/where/it-is", "Moved");
    let files = registry.tree("else/where/it-is");
    files
        .definition("moves", "maturity: verified\n")
        .file("new", "new\n");
    registry.plugin("stays", |files| files.file("new", "new\n"));
    registry.commit("Move one, remove one");
    let report = sandbox.atk(&["upgrade", "--all", "--json"]).fails(1).json();
    let plugins = &report["plugins"];
    assert_eq!(plugins[0]["result"], "done", "{report}");
    assert_eq!(plugins[1]["error"]["code"], "not_in_registry", "{report}");
    assert_eq!(plugins[2]["result"], "done", "{report}");
    assert_eq!(sandbox.read("plugins/moves/new"), "new\n");
    assert!(sandbox.home().join("plugins/goes/plugin.yaml").exists());
    sandbox.atk(&["upgrade", "goes"]).fails(5);
}

#[test]
fn a_server_that_falls_silent_is_left_when_the_user_wants_it() {
    let case = Case::new();
    case.second_version();
    case.server
        .change(|behaviour| behaviour.trouble = Some(Trouble::Stall(40)));
    let before = case.sandbox.snapshot();
    for operation in ["upgrade", "install"] {
        if operation == "install" {
            fs::remove_file(case.plugin(".atk-ref")).unwrap();
            fs::remove_dir_all(case.sandbox.path("cache")).unwrap();
        }
        case.server.reset();
        let running = case.sandbox.start(&[operation, "--all", "-y"]);
        // The request that is never answered in full.
        wait_until("the server is asked for objects", || {
            let log = case.server.stats().log;
            log.iter().any(|one| one.command == "fetch")
        });
        running.interrupt();
        running.wait().fails(130);
    }
    let difference = before.difference(&case.sandbox.snapshot());
    let difference = difference
        .lines()
        .filter(|line| !line.contains(".git/atk/"));
    assert_eq!(difference.count(), 1, "the stamp, which the test removed");
}

#[test]
fn a_plugin_that_is_refused_in_the_making_stops_no_other_of_its_registry() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for name in ["first", "deep", "last"] {
        registry.plugin(name, |files| files.definition(name, "maturity: verified\n"));
    }
    registry.commit("Three");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    for name in ["first", "deep", "last"] {
        sandbox.atk(&["add", name]).succeeds();
    }
    for name in ["first", "last"] {
        registry.plugin(name, |files| files.file("new", "new\n"));
    }
    let deep = format!("{}file", "d/".repeat(600));
    registry.plugin("deep", |files| files.file(&deep, "too deep\n"));
    registry.commit("Dig");
    for _ in 0..2 {
        let ended = sandbox.atk(&["upgrade", "--all", "--json"]).fails(1);
        let plugins = &ended.json()["plugins"];
        assert_eq!(plugins[1]["error"]["code"], "content_refused", "{plugins}");
        assert_ne!(plugins[0]["result"], "failed", "{plugins}");
        assert_ne!(plugins[2]["result"], "failed", "{plugins}");
    }
    assert_eq!(sandbox.read("plugins/first/new"), "new\n");
    assert_eq!(sandbox.read("plugins/last/new"), "new\n");
}
