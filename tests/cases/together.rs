//! Several processes on one home.

use std::fs;

use atk_tests::repository::Registry;
use atk_tests::sandbox::{Running, Sandbox};
use atk_tests::server::GitServer;

/// Starts adding a plugin whose install command waits for the file `go` in the working directory.
fn holder(sandbox: &Sandbox) -> Running {
    let work = sandbox.path("work");
    let work = work.display();
    let lifecycle = format!(
        "lifecycle:\n  install: \"echo waiting for go >&2; until test -e {work}/go; do sleep 0.02; \
         done\"\n  uninstall: \"true\"\n"
    );
    sandbox.files("work/slow").definition("Slow", &lifecycle);
    let mut running = sandbox.start(&["add", "./slow"]);
    running.wait_for("waiting for go");
    running
}

#[test]
fn eight_processes_add_eight_plugins() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for number in 0..4 {
        registry.plugin(&format!("remote-{number}"), |files| {
            let install =
                "maturity: verified\nlifecycle:\n  install: touch installed\n  uninstall: 'true'\n";
            files.definition(&format!("Remote {number}"), install)
        });
        let name = format!("local-{number}");
        sandbox.files(&format!("work/{name}")).definition(&name, "");
    }
    let pin = registry.commit("Add four");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));

    let sources: Vec<String> = (0..4)
        .flat_map(|number| [format!("remote-{number}"), format!("./local-{number}")])
        .collect();
    let running: Vec<Running> = sources
        .iter()
        .map(|source| sandbox.start(&["add", source]))
        .collect();
    for running in running {
        running.wait().succeeds();
    }

    let mut log = sandbox.log();
    assert_eq!(log.pop().as_deref(), Some("Initialize ATK Home"));
    log.sort_unstable();
    let mut expected: Vec<_> = (0..4)
        .map(|number| format!("Add plugin 'local-{number}'"))
        .collect();
    expected.extend((0..4).map(|number| format!("Add plugin 'Remote {number}'")));
    expected.sort_unstable();
    assert_eq!(log, expected);

    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 8);
    assert!(
        listed.iter().all(|plugin| plugin["state"] == "ready"),
        "{listed:?}"
    );
    for number in 0..4 {
        assert_eq!(
            sandbox.read(&format!("plugins/remote-{number}/.atk-ref")),
            format!("{pin}\n")
        );
        assert_eq!(
            sandbox.read(&format!("plugins/remote-{number}/installed")),
            ""
        );
    }
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_waiting_process_says_who_holds_the_home_and_can_be_interrupted() {
    let sandbox = Sandbox::with_home();
    let holder = holder(&sandbox);
    sandbox.files("work/quick").definition("Quick", "");

    let mut waiting = sandbox.start(&["add", "./quick"]);
    waiting.wait_for(&format!("process {}", holder.pid()));
    assert!(waiting.stderr().contains("add"), "{}", waiting.stderr());
    waiting.interrupt();
    waiting.wait().fails(130);

    let error = sandbox
        .atk(&["add", "./quick", "--no-wait"])
        .fails(11)
        .stderr;
    assert!(error.contains(&holder.pid().to_string()), "{error}");
    sandbox.atk(&["list"]).succeeds();

    fs::write(sandbox.path("work/go"), "").unwrap();
    holder.wait().succeeds();
    assert_eq!(sandbox.log(), ["Add plugin 'Slow'", "Initialize ATK Home"]);
    sandbox.atk(&["add", "./quick"]).succeeds();
}

#[test]
fn a_waiting_process_goes_on_when_the_home_is_free() {
    let sandbox = Sandbox::with_home();
    let holder = holder(&sandbox);
    sandbox.files("work/quick").definition("Quick", "");
    let mut waiting = sandbox.start(&["add", "./quick"]);
    waiting.wait_for("waiting");
    fs::write(sandbox.path("work/go"), "").unwrap();
    holder.wait().succeeds();
    waiting.wait().succeeds();
    assert_eq!(
        sandbox.log()[..2],
        ["Add plugin 'Quick'", "Add plugin 'Slow'"]
    );
}

#[test]
fn an_interrupted_install_leaves_no_trace() {
    let sandbox = Sandbox::with_home();
    let before = sandbox.snapshot();
    let holder = holder(&sandbox);
    holder.interrupt();
    holder.wait().fails(130);
    before.assert_unchanged();
}

#[test]
fn a_command_that_changes_its_own_home_fails_at_once() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/inner").definition("Inner", "");
    let atk = atk_tests::sandbox::atk_binary();
    let inner = sandbox.path("work/inner");
    let install = format!(
        "lifecycle:\n  install: '{} add {}; echo $? > code; {} list'\n  uninstall: 'true'\n",
        atk.display(),
        inner.display(),
        atk.display(),
    );
    sandbox.files("work/outer").definition("Outer", &install);
    sandbox.atk(&["add", "./outer"]).succeeds();
    assert_eq!(sandbox.read("plugins/outer/code"), "11\n");
}
