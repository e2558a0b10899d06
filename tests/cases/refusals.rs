//! What cannot be added: each a clear error with its exit code, and a home exactly as before.

use std::fs;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{Behaviour, GitServer, Trouble};

/// A home with one plugin, and a server with a registry, its registry.
fn home_and_server() -> (Sandbox, GitServer) {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("echo", |files| {
        files
            .definition("Echo", "maturity: verified\n")
            .exec("run.sh", "#!/bin/sh\n")
    });
    registry.commit("Add echo");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.files("work/here").definition("Here", "");
    sandbox.atk(&["add", "./here"]).succeeds();
    (sandbox, server)
}

/// Adds a source, and says that it is refused with this exit code and kind of error, that nothing
/// in the home has changed, and that the next command works. Returns the message.
#[track_caller]
fn refused(sandbox: &Sandbox, source: &str, code: i32, kind: &str) -> String {
    let before = sandbox.snapshot();
    let finished = sandbox.atk(&["add", source, "-y", "--json"]).fails(code);
    before.assert_unchanged();
    let error = &finished.json()["error"];
    assert_eq!(error["code"], kind, "{error}");
    assert_eq!(error["exit_code"], code, "{error}");
    sandbox.atk(&["list"]).succeeds();
    error.to_string()
}

#[test]
fn without_git_local_operations_work_and_remote_ones_say_so() {
    let mut sandbox = Sandbox::new();
    sandbox.files("bin").link("sh", "/bin/sh");
    sandbox.set("PATH", sandbox.path("bin"));
    sandbox.atk(&["init"]).succeeds();
    sandbox.files("work/tool").definition("Tool", "");
    sandbox.atk(&["add", "./tool"]).succeeds();
    sandbox.atk(&["list"]).succeeds();
    sandbox.atk(&["resolve", "github.com/org/tool"]).succeeds();
    for source in [
        "echo",
        "https://example.com/org/tool",
        "git@example.com:org/tool",
    ] {
        let error = refused(&sandbox, source, 7, "git_missing");
        assert!(error.contains("git"), "{error}");
    }
}

#[test]
fn without_a_network_nothing_is_added() {
    let (sandbox, server) = home_and_server();
    let url = server.url("registry");
    drop(server);
    let error = refused(&sandbox, "echo", 7, "network_failed");
    assert!(error.contains(&url), "{error}");
    refused(&sandbox, &url, 7, "network_failed");
}

#[test]
fn a_wrong_url_is_named() {
    let (sandbox, server) = home_and_server();
    let url = server.url("no-such");
    let error = refused(&sandbox, &url, 7, "repository_not_found");
    assert!(error.contains(&url), "{error}");
    let path = format!("file://{}", sandbox.path("repos/no-such").display());
    let error = refused(&sandbox, &path, 7, "repository_not_found");
    assert!(error.contains(&path), "{error}");
}

#[test]
fn a_server_that_gives_no_access_is_an_error_and_no_prompt() {
    let (sandbox, server) = home_and_server();
    server.set(Behaviour {
        credentials: Some(("user".to_owned(), "hunter2".to_owned())),
        ..Behaviour::default()
    });
    let error = refused(&sandbox, "echo", 7, "access_denied");
    assert!(error.contains(&server.url("registry")), "{error}");
    refused(&sandbox, &server.url("registry"), 7, "access_denied");
    server.set(Behaviour {
        status: Some(403),
        ..Behaviour::default()
    });
    refused(&sandbox, "echo", 7, "access_denied");
}

#[test]
fn credentials_of_the_users_git_open_the_server() {
    let (sandbox, server) = home_and_server();
    server.change(|behaviour| {
        behaviour.credentials = Some(("user".to_owned(), "hunter2".to_owned()));
    });
    let helper = "!f() { test \"$1\" = get && echo username=user && echo password=hunter2; }; f";
    let mut git = sandbox.program("git");
    git.args(["config", "--global", "credential.helper", helper]);
    sandbox.spawn(git).wait().succeeds();
    let finished = sandbox.atk(&["add", "echo", "-v"]).succeeds();
    assert!(!finished.stderr.contains("hunter2"), "{}", finished.stderr);
    assert!(server.stats().log.iter().any(|logged| logged.authorized));
}

#[test]
fn credentials_in_a_url_reach_no_server_and_no_message() {
    let (sandbox, server) = home_and_server();
    server.reset();
    let url = server.url("registry").replace("//", "//user:hunter2@");
    let error = refused(&sandbox, &url, 5, "source_invalid");
    assert!(
        error.contains("credential helper") && !error.contains("hunter2"),
        "{error}"
    );
    assert_eq!(server.stats().connections, 0);
}

#[test]
fn a_repository_without_a_plugin_says_what_is_missing() {
    let (sandbox, server) = home_and_server();
    let bare = Repository::new(&sandbox.repos(), "bare");
    bare.tree("").file("README.md", "# Nothing here\n");
    bare.commit("Begin");
    let error = refused(&sandbox, &server.url("bare"), 5, "source_not_found");
    assert!(error.contains(".atk"), "{error}");

    let _ = Repository::new(&sandbox.repos(), "empty");
    refused(&sandbox, &server.url("empty"), 7, "repository_empty");
}

#[test]
fn a_name_that_the_registry_does_not_have_is_named() {
    let (sandbox, _server) = home_and_server();
    let error = refused(&sandbox, "ecko", 5, "not_in_registry");
    assert!(error.contains("ecko"), "{error}");
}

#[test]
fn an_invalid_definition_is_refused_with_every_problem_in_its_place() {
    let (sandbox, server) = home_and_server();
    let more = "ports:\n- port: 70000\nenv_vars:\n- name: lower\nvendro: x\n";
    let _ = Repository::tool(&sandbox.repos(), "broken", |files| {
        files.definition("Broken", more)
    });
    sandbox.files("work/broken").definition("Broken", more);
    for source in [server.url("broken"), "./broken".to_owned()] {
        let error = refused(&sandbox, &source, 5, "definition_invalid");
        for part in ["ports[0].port", "env_vars[0].name", "vendro"] {
            assert!(error.contains(part), "{part}: {error}");
        }
        let text = sandbox.atk(&["add", &source, "-y"]).fails(5).stderr;
        assert!(text.contains("plugin.yaml:5:9: ports[0].port: "), "{text}");
    }
}

#[test]
fn a_broken_transfer_is_an_error_and_leaves_the_next_one_whole() {
    let (sandbox, server) = home_and_server();
    let noise = "x".repeat(10);
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("notes.txt", noise)
    });
    let url = server.url("tool");
    for (trouble, kind) in [
        (Trouble::Drop(40), "network_failed"),
        (Trouble::Corrupt(60), "git_failed"),
        (Trouble::Fail, "git_failed"),
    ] {
        server.change(|behaviour| behaviour.trouble = Some(trouble));
        refused(&sandbox, &url, 7, kind);
    }
    server.set(Behaviour::default());
    sandbox.atk(&["add", &url, "-y"]).succeeds();
    assert_eq!(sandbox.read("plugins/tool/notes.txt"), "xxxxxxxxxx");
}

#[test]
fn what_a_server_says_is_shown_without_its_escapes() {
    let (sandbox, server) = home_and_server();
    server.set(Behaviour {
        error: Some("\u{1b}[31mgo to http://user:hunter2@example.com/".to_owned()),
        ..Behaviour::default()
    });
    let before = sandbox.snapshot();
    let finished = sandbox.atk(&["add", "echo"]).fails(7);
    before.assert_unchanged();
    let said = finished.stdout + &finished.stderr;
    assert!(said.contains("example.com"), "{said}");
    assert!(
        !said.contains('\u{1b}') && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn a_missing_home_is_said_before_anything_is_asked() {
    let (mut sandbox, server) = home_and_server();
    server.reset();
    sandbox.set("ATK_HOME", sandbox.path("nowhere"));
    for args in [&["add", "echo"][..], &["list"]] {
        let error = sandbox.atk(args).fails(3).stderr;
        assert!(error.contains("nowhere"), "{error}");
    }
    assert_eq!(server.stats().connections, 0);
    assert!(!sandbox.path("nowhere").exists());
}

#[test]
fn a_plugin_that_is_there_is_not_added_again() {
    let (sandbox, _server) = home_and_server();
    sandbox.atk(&["add", "echo"]).succeeds();
    refused(&sandbox, "echo", 5, "plugin_exists");
    sandbox.files("home/plugins/ghost").file("leftover", "");
    sandbox.files("work/ghost").definition("Ghost", "");
    let error = refused(&sandbox, "./ghost", 5, "directory_occupied");
    assert!(error.contains("ghost"), "{error}");
    fs::remove_dir_all(sandbox.home().join("plugins/ghost")).unwrap();
    sandbox.atk(&["add", "./ghost"]).succeeds();
}
