//! `--offline`: every operation, on a server that counts connections, and in an empty network namespace.

use std::collections::BTreeSet;
use std::fs;

use atk_tests::network;
use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::{Finished, Sandbox, atk_binary};
use atk_tests::server::GitServer;

const SERVED: &str = "lifecycle: {start: touch running, stop: rm -f running, status: test -e running, logs: echo log}\n\
                      mcp: {transport: stdio, command: 'true'}\n";

/// A home with plugins, everything of which is in the cache.
struct Prepared {
    sandbox: Sandbox,
    server: GitServer,
    /// A commit of the registry, at which `other` is in the cache.
    pin: String,
}

fn prepared() -> Prepared {
    let mut sandbox = Sandbox::new();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for name in ["echo", "other", "third"] {
        registry.plugin(name, |files| files.definition(name, "maturity: verified\n"));
    }
    let pin = registry.commit("Three");
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox
        .files("work/mine")
        .definition("Mine", SERVED)
        .exec("go.sh", "#!/bin/sh\n")
        .file("README.md", "# Mine\n");
    sandbox.atk(&["init"]).succeeds();
    for source in ["echo", "other", &server.url("tool"), "./mine"] {
        sandbox.atk(&["add", "-y", source]).succeeds();
    }
    sandbox.atk(&["remove", "-y", "other"]).succeeds();
    sandbox.atk(&["search"]).succeeds();
    // There are newer commits. Without a connection ATK must not find them.
    tool.tree(".atk").file("new", "new\n");
    tool.commit("Newer");
    registry.plugin("echo", |files| files.file("new", "new\n"));
    registry.commit("Newer");
    server.reset();
    Prepared {
        sandbox,
        server,
        pin,
    }
}

/// An operation, the words of its command, and the exit code. 7 is the error `offline`. `{url}` is the
/// server, `{pin}` the commit that is in the cache.
type Row = (&'static str, &'static [&'static str], i32);

const TABLE: &[Row] = &[
    ("resolve", &["resolve", "echo"], 0),
    ("search", &["search"], 0),
    ("fetch", &["fetch", "other@{pin}", "../preview"], 0),
    ("fetch", &["fetch", "{url}/tool", "../newest"], 7),
    ("add", &["add", "-y", "other@{pin}"], 0),
    ("add", &["add", "-y", "third"], 7),
    (
        "add",
        &[
            "add",
            "-y",
            "third@1111111111111111111111111111111111111111",
        ],
        7,
    ),
    ("add", &["add", "-y", "{url}/nothing"], 7),
    ("setup", &["setup", "echo"], 0),
    ("install", &["install", "--all"], 0),
    ("plan_upgrade", &["upgrade", "tool", "--dry-run"], 7),
    ("upgrade", &["upgrade", "-y", "echo"], 7),
    ("outdated", &["outdated"], 0),
    ("verify", &["verify"], 0),
    ("verify", &["verify", "--online"], 0),
    ("repair", &["repair", "-y"], 0),
    ("history", &["history"], 0),
    ("hold", &["hold", "echo"], 0),
    ("unhold", &["unhold", "echo"], 0),
    ("remove", &["remove", "-y", "other"], 0),
    ("plan_undo", &["undo", "--dry-run"], 0),
    ("undo", &["undo", "-y"], 0),
    ("start", &["start", "mine"], 0),
    ("restart", &["restart", "mine"], 0),
    ("status", &["status"], 0),
    ("logs", &["logs", "mine"], 0),
    ("stop", &["stop", "mine"], 0),
    ("run", &["run", "mine", "go"], 0),
    ("exec", &["exec", "mine"], 0),
    ("git", &["git", "status"], 0),
    ("git", &["git", "ls-remote", "{url}/tool"], 128),
    ("list", &["list"], 0),
    ("show", &["show", "mine"], 0),
    ("mcp", &["mcp", "mine"], 0),
    ("agents", &["agents"], 0),
    (
        "plan_plug",
        &["plug", "mine", "--to", "cursor", "--dry-run"],
        0,
    ),
    ("plug", &["plug", "mine", "--to", "cursor"], 0),
    ("plugs", &["plugs"], 0),
    ("unplug", &["unplug", "mine"], 0),
    ("readme", &["help", "mine"], 0),
    ("watch", &["watch"], 130),
    ("doctor", &["doctor"], 0),
    ("registry_add", &["registry", "add", "team", "h.org/x"], 0),
    ("registry_list", &["registry", "list"], 0),
    ("registry_remove", &["registry", "remove", "team"], 0),
    ("registry_init", &["registry", "init", "reg"], 0),
    ("registry_build", &["registry", "build", "reg"], 0),
    ("registry_diff", &["registry", "diff", "mine"], 5),
    ("create", &["create", "made", "--mcp", "stdio"], 0),
    ("validate", &["validate", "./mine"], 0),
    ("validate", &["validate", "{url}/nothing"], 7),
    ("schema", &["schema", "atk"], 0),
    ("init", &["init"], 0),
    ("init", &["init", "{url}/home", "../clone"], 7),
    ("bootstrap", &["bootstrap"], 0),
    (
        "bootstrap",
        &["bootstrap", "{url}/home", "--home", "../clone"],
        7,
    ),
    ("cache", &["cache"], 0),
    ("cache_fetch", &["cache", "fetch", "tool"], 0),
    ("cache_export", &["cache", "export", "cache.tar"], 0),
    ("clear_cache", &["cache", "clear"], 0),
    ("cache_fetch", &["cache", "fetch", "tool"], 7),
    ("cache_import", &["cache", "import", "cache.tar"], 0),
    ("cache_fetch", &["cache", "fetch", "tool"], 0),
    ("clear_cache", &["cache", "clear"], 0),
    ("install", &["install", "echo"], 0),
    ("add", &["add", "-y", "third@{pin}"], 7),
    ("search", &["search"], 7),
];

/// Runs the whole table; `run` gets the words after `atk`.
fn run_all(prepared: &Prepared, run: impl Fn(&[&str]) -> Finished) {
    let url = prepared.server.url("");
    for (operation, words, code) in TABLE {
        if *operation == "install" && words[1] == "--all" {
            // As on a new machine.
            fs::remove_dir_all(prepared.sandbox.home().join("plugins/echo")).unwrap();
        }
        let words: Vec<String> = words
            .iter()
            .map(|word| word.replace("{url}/", &url).replace("{pin}", &prepared.pin))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let finished = run(&words);
        if *operation == "doctor" {
            // What it finds has nothing to do with servers.
            continue;
        }
        let finished = finished.fails(*code);
        if *code == 7 {
            let said = &finished.stderr;
            assert!(
                said.contains("connections are not allowed"),
                "{words:?}: {said}"
            );
        }
    }
}

fn words_of<'w>(words: &[&'w str]) -> Vec<&'w str> {
    // What follows `git` is git's.
    [&["--offline"], words].concat()
}

#[test]
fn the_table_has_every_operation() {
    let api = include_str!("../conformance/api.json");
    let api: serde_json::Value = serde_json::from_str(api).unwrap();
    let operations = api["operations"].as_array().unwrap();
    let names: BTreeSet<&str> = operations
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    let listed: BTreeSet<&str> = TABLE.iter().map(|(operation, ..)| *operation).collect();
    assert_eq!(listed, names);
}

#[test]
fn no_operation_connects_to_a_server() {
    let prepared = prepared();
    run_all(&prepared, |words| {
        let mut command = prepared.sandbox.program("timeout");
        command.args([
            "--preserve-status",
            "-s",
            "INT",
            if words[0] == "watch" { "1" } else { "60" },
        ]);
        command.arg(atk_binary()).args(words_of(words));
        prepared.sandbox.run_with_input(command, "")
    });
    let stats = prepared.server.stats();
    assert_eq!(
        (stats.connections, stats.requests),
        (0, 0),
        "{}",
        stats.summary()
    );
}

#[test]
#[cfg(target_os = "linux")]
fn every_operation_works_without_a_network() {
    let Some(without) = network::without() else {
        return;
    };
    let prepared = prepared();
    run_all(&prepared, |words| {
        let mut command = prepared.sandbox.program(without[0]);
        command.args(&without[1..]);
        command.args(["timeout", "--preserve-status", "-s", "INT"]);
        command.arg(if words[0] == "watch" { "1" } else { "60" });
        command.arg(atk_binary()).args(words_of(words));
        prepared.sandbox.run_with_input(command, "")
    });
}

#[test]
fn a_home_can_forbid_connections_and_a_search_says_how_old_its_index_is() {
    let prepared = prepared();
    let sandbox = &prepared.sandbox;
    fs::write(sandbox.home().join("atk.yaml"), "offline: true\n").unwrap();
    let found = sandbox.atk(&["search", "--json"]).succeeds().json();
    assert_eq!(found["plugins"].as_array().unwrap().len(), 3);
    assert!(found["registries"][0]["seconds_old"].is_u64(), "{found}");
    let text = sandbox.atk(&["search"]).succeeds().stdout;
    assert!(text.contains("The index of `default` is"), "{text}");
    let failed = sandbox
        .atk(&["upgrade", "-y", "tool", "--json"])
        .fails(7)
        .json();
    assert_eq!(failed["error"]["code"], "offline");
    let help = failed["error"]["details"]["help"].as_str().unwrap();
    assert!(help.contains("name a commit"), "{help}");
    assert_eq!(prepared.server.stats().connections, 0);

    // A push waits too; what is at a path needs no connection.
    let remote = prepared.server.url("remote");
    sandbox.git(&["remote", "add", "origin", &remote]);
    let manifest = sandbox
        .read("manifest.yaml")
        .replace("auto_push: false", "auto_push: true");
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-qam", "Push"]);
    let held = sandbox
        .atk(&["hold", "tool", "-y", "--json"])
        .succeeds()
        .json();
    assert_eq!(held["push"]["pushed"], false, "{held}");
    assert!(
        held["push"]["reason"]
            .as_str()
            .unwrap()
            .contains("not allowed"),
        "{held}"
    );
    assert_eq!(prepared.server.stats().connections, 0);
    let path = format!("file://{}/tool", sandbox.repos().display());
    sandbox.atk(&["fetch", &path, "../preview"]).succeeds();
}
