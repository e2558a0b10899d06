//! What readers see of a plugin while another operation changes it.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use atk_core::{ErrorKind, Home, McpOptions, Options, State};
use atk_tests::sandbox::{Running, Sandbox};

/// A plugin whose install command waits for the file `go`, and then ends with a status.
fn slow(sandbox: &Sandbox, status: u8) {
    let work = sandbox.path("work");
    let work = work.display();
    let more = format!(
        "lifecycle:\n  install: \"echo waiting for go >&2; until test -e {work}/go; do sleep 0.02; \
         done; exit {status}\"\n  uninstall: \"true\"\n  logs: echo log\n  status: touch \
         {work}/asked\nmcp: {{transport: stdio, command: server}}\n"
    );
    let files = sandbox.files("work/slow");
    files
        .definition("Slow", &more)
        .exec("hi", "#!/bin/sh\necho hi\n");
}

/// Starts to add it, and waits until its install command waits.
fn adding(sandbox: &Sandbox) -> Running {
    let mut adding = sandbox.start(&["add", "./slow"]);
    adding.wait_for("waiting for go");
    adding
}

#[test]
fn a_plugin_that_is_being_added_is_busy_and_cannot_be_used() {
    let sandbox = Sandbox::with_home();
    slow(&sandbox, 0);
    let adding = adding(&sandbox);

    let listed = sandbox.atk(&["list", "--json"]).succeeds().json();
    let plugin = &listed["plugins"][0];
    assert_eq!(plugin["state"], "busy");
    assert_eq!(plugin["operation"], "add");
    let shown = sandbox.atk(&["show", "slow", "--json"]).succeeds().json();
    assert_eq!(shown["state"], "busy");
    assert!(shown["definition"].is_null());
    let status = sandbox.atk(&["status", "--json"]).succeeds().json();
    let outcome = &status["plugins"][0]["outcome"];
    assert_eq!(
        (&outcome["state"], &outcome["unknown"]),
        (&"unknown".into(), &"busy".into())
    );
    assert!(
        !sandbox.path("work/asked").exists(),
        "its command was not run"
    );
    for words in [
        &["mcp", "slow"][..],
        &["run", "slow", "hi"],
        &["logs", "slow"],
    ] {
        let refused = sandbox.atk(words).fails(11);
        let text = "`Slow` is being changed by process";
        assert!(
            refused.stderr.contains(text),
            "{words:?}: {}",
            refused.stderr
        );
    }

    fs::write(sandbox.path("work/go"), "").unwrap();
    adding.wait().succeeds();
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json();
    assert_eq!(listed["plugins"][0]["state"], "ready");
    assert!(listed["plugins"][0]["operation"].is_null());
    sandbox.atk(&["mcp", "slow"]).succeeds();
}

/// Ends the readers, also where the test fails.
#[derive(Default)]
struct Over(Arc<AtomicBool>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn no_reader_sees_a_plugin_as_ready_whose_addition_fails() {
    let sandbox = Sandbox::with_home();
    slow(&sandbox, 1);
    let over = Over::default();
    let home = Home::open(sandbox.home(), Options::new(sandbox.path("cache"))).unwrap();
    let readers: Vec<_> = (0..60)
        .map(|_| {
            let (home, over) = (home.clone(), Arc::clone(&over.0));
            std::thread::spawn(move || {
                let (mut reads, mut busy) = (0, 0);
                while !over.load(Ordering::SeqCst) {
                    for plugin in home.list().unwrap() {
                        assert_eq!(plugin.state, State::Busy, "{plugin:?}");
                        busy += 1;
                    }
                    let refused = home.mcp("slow", &McpOptions::default()).unwrap_err().kind();
                    let allowed = [ErrorKind::HomeLocked, ErrorKind::PluginNotInstalled];
                    assert!(allowed.contains(&refused), "{refused}");
                    reads += 1;
                }
                (reads, busy)
            })
        })
        .collect();
    for _ in 0..3 {
        let _ = fs::remove_file(sandbox.path("work/go"));
        let adding = adding(&sandbox);
        let processes: Vec<_> = (0..40)
            .map(|_| sandbox.start(&["list", "--json"]))
            .collect();
        for process in processes {
            let listed = process.wait().succeeds().json();
            assert_eq!(listed["plugins"][0]["state"], "busy", "{listed}");
        }
        fs::write(sandbox.path("work/go"), "").unwrap();
        adding.wait().fails(6);
    }
    drop(over);
    for reader in readers {
        let (reads, busy) = reader.join().unwrap();
        assert!(reads > 3 && busy > 0, "{reads} reads, {busy} busy");
    }
}

#[test]
fn a_command_of_the_change_itself_sees_the_plugin() {
    let sandbox = Sandbox::with_home();
    let atk = atk_tests::sandbox::atk_binary();
    let more = format!(
        "lifecycle:\n  install: \"{} mcp itself > mcp.json\"\n  uninstall: \"true\"\nmcp: \
         {{transport: stdio, command: server}}\n",
        atk.display()
    );
    sandbox.files("work/itself").definition("Itself", &more);
    sandbox.atk(&["add", "./itself"]).succeeds();
    assert!(sandbox.read("plugins/itself/mcp.json").contains("server"));
}
