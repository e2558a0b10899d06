//! A secret that was typed is in `.env` and nowhere else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::{Finished, Sandbox};
use atk_tests::server::GitServer;

const SECRET: &str = "Tr0ub4dor-and-3";

/// A home, and a registry with a plugin that asks for a name and a secret. Its install command
/// lists all processes into the working directory, and then ends with the code in `code` there.
fn asking() -> (Sandbox, GitServer) {
    let mut sandbox = Sandbox::with_home();
    let work = sandbox.path("work");
    let work = work.display();
    let more = format!(
        "maturity: verified\nenv_vars:\n\
         - {{name: API_USER, required: true}}\n\
         - {{name: API_TOKEN, required: true, secret: true}}\n\
         lifecycle:\n  \
           install: 'ps axww -o args= > {work}/processes; exit $(cat {work}/code)'\n  \
           uninstall: 'true'\n"
    );
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("asking", |files| files.definition("Asking", &more));
    registry.commit("Add asking");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    (sandbox, server)
}

/// Says that the secret is in the plugin's `.env`, and in no other file of the sandbox, no git
/// object, no process list and nothing that was printed.
#[track_caller]
fn only_in_env(sandbox: &Sandbox, finished: &Finished) {
    let env = sandbox.home().join("plugins/asking/.env");
    assert!(fs::read_to_string(&env).unwrap().contains(SECRET));
    assert_eq!(env.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let mut found = Vec::new();
    search(&sandbox.path(""), &mut found);
    assert_eq!(found, [env.display().to_string()]);
    let objects = sandbox.git(&["cat-file", "--batch-all-objects", "--batch", "--buffer"]);
    assert!(
        objects.contains("Initialize ATK Home") && !objects.contains(SECRET),
        "{objects}"
    );
    let processes = fs::read_to_string(sandbox.path("work/processes")).unwrap();
    assert!(
        processes.contains("atk") && !processes.contains(SECRET),
        "{processes}"
    );
    let said = format!("{}{}", finished.stdout, finished.stderr);
    assert!(!said.contains(SECRET), "{said}");
}

fn search(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            search(&path, found);
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(SECRET) {
            found.push(path.display().to_string());
        }
    }
}

#[test]
fn a_secret_typed_on_a_terminal_is_not_shown() {
    let (sandbox, _server) = asking();
    fs::write(sandbox.path("work/code"), "0").unwrap();
    let mut terminal = sandbox.terminal(&["add", "asking"]);
    terminal.wait_for("API_USER");
    terminal.enter("somebody");
    terminal.wait_for("API_TOKEN");
    terminal.enter(SECRET);
    let finished = terminal.wait().succeeds();
    assert!(finished.stdout.contains("somebody"), "{}", finished.stdout);
    only_in_env(&sandbox, &finished);
}

#[test]
fn a_secret_given_on_standard_input_is_in_no_json() {
    let (sandbox, _server) = asking();
    fs::write(sandbox.path("work/code"), "0").unwrap();
    let input = format!("somebody\n{SECRET}\n");
    let finished =
        sandbox.run_with_input(sandbox.command(&["add", "asking", "--json", "-v"]), &input);
    only_in_env(&sandbox, &finished.succeeds());
}

#[test]
fn a_secret_is_in_no_error_of_a_failed_install_and_stays_for_the_next_try() {
    let (sandbox, _server) = asking();
    let before = sandbox.snapshot();
    fs::write(sandbox.path("work/code"), "3").unwrap();
    let input = format!("somebody\n{SECRET}\n");
    let finished = sandbox.run_with_input(sandbox.command(&["add", "asking", "--json"]), &input);
    let finished = finished.fails(6);
    only_in_env(&sandbox, &finished);
    let error = &finished.json()["error"];
    assert_eq!(error["details"]["command_exit_code"], 3, "{error}");
    let difference = before.difference(&sandbox.snapshot());
    let paths: Vec<_> = difference
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert_eq!(
        paths,
        ["plugins/asking", "plugins/asking/.env"],
        "{difference}"
    );

    fs::write(sandbox.path("work/code"), "0").unwrap();
    sandbox.atk(&["add", "asking"]).succeeds();
    only_in_env(&sandbox, &finished);
}

#[test]
fn without_answers_the_missing_variables_are_named_and_nothing_changes() {
    let (sandbox, _server) = asking();
    let before = sandbox.snapshot();
    let finished = sandbox.atk(&["add", "asking", "--json"]).fails(8);
    before.assert_unchanged();
    let variables = &finished.json()["error"]["details"]["variables"];
    assert_eq!(*variables, serde_json::json!(["API_USER", "API_TOKEN"]));
}

#[test]
fn credentials_that_another_tool_left_in_the_manifest_go_nowhere_in_an_upgrade() {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    let server = GitServer::start(sandbox.repos());
    let url = server.url("tool");
    sandbox.atk(&["add", "-y", &url]).succeeds();
    let manifest = sandbox.read("manifest.yaml");
    let with_password = url.replace("http://", "http://me:hunter2@");
    let manifest = manifest.replace(&url, &with_password);
    fs::write(sandbox.home().join("manifest.yaml"), &manifest).unwrap();
    sandbox.git(&["commit", "-qam", "As the other tool writes it"]);
    let old = tool.head();
    tool.tree(".atk").exec("run", "#!/bin/sh\n");
    let new = tool.commit("More");
    for words in [
        &["upgrade", "tool", "--dry-run"][..],
        &["upgrade", "tool"],
        &["upgrade", "--all", "-y", "--json"],
        &["install", "--all", "--json"],
    ] {
        let ended = sandbox.atk(words);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert_eq!(sandbox.read("manifest.yaml"), manifest.replace(&old, &new));
    let log = server.stats().log;
    assert!(log.iter().all(|one| !one.authorized), "they were not sent");
}
