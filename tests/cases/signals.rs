//! Signals to `atk` alone, as editors and supervisors send them: what it runs ends with it.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use atk_tests::sandbox::Sandbox;
use rustix::process::Signal;

/// A program that follows something for ever, in a pipeline; it notes its process id.
const FOLLOW: &str = "sh -c 'echo $$ >follower; echo ready >&2; exec sleep 300' | cat";

fn home() -> Sandbox {
    let sandbox = Sandbox::with_home();
    let more = format!("lifecycle: {{start: \"{FOLLOW}\", logs: \"{FOLLOW}\"}}\n");
    sandbox.files("work/tool").definition("tool", &more);
    sandbox.atk(&["add", "./tool"]).succeeds();
    sandbox
        .files("home/plugins/tool")
        .exec("follow.sh", format!("#!/bin/sh\n{FOLLOW}\n"));
    sandbox
}

/// Waits until the follower has ended.
#[track_caller]
fn has_ended(sandbox: &Sandbox) {
    let pid = sandbox.read("plugins/tool/follower");
    let path = format!("/proc/{}/stat", pid.trim());
    let begun = Instant::now();
    while Path::new(&path).exists()
        && std::fs::read_to_string(&path).is_ok_and(|stat| !stat.contains(") Z "))
    {
        assert!(begun.elapsed() < Duration::from_secs(20), "it lives on");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_signal_to_atk_alone_ends_all_that_it_runs() {
    let sandbox = home();
    let commands: [&[&str]; 3] = [
        &["logs", "tool"],
        &["run", "tool", "follow"],
        &["start", "tool"],
    ];
    for command in commands {
        for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2)] {
            let mut running = sandbox.start(command);
            running.wait_for("ready");
            running.signal(signal);
            // An operation is cancelled; what is only run ends as by the signal.
            let code = if command[0] == "start" {
                130
            } else {
                128 + number
            };
            let _ = running.wait().fails(code);
            has_ended(&sandbox);
        }
    }
}

#[test]
fn a_killed_atk_takes_what_it_runs_with_it() {
    let sandbox = home();
    let commands: [&[&str]; 3] = [
        &["logs", "tool"],
        &["run", "tool", "follow"],
        &["start", "tool"],
    ];
    for command in commands {
        let mut running = sandbox.start(command);
        running.wait_for("ready");
        // On a busy machine the command may be faster than ATK is with the line for the watch.
        sleep(Duration::from_millis(300));
        running.signal(Signal::KILL);
        let _ = running.wait().fails(128 + 9);
        has_ended(&sandbox);
    }
}

#[test]
fn a_hangup_on_a_terminal_ends_what_shares_it() {
    let sandbox = home();
    let terminal = sandbox.terminal(&["logs", "tool"]);
    terminal.wait_for("ready");
    drop(terminal);
    has_ended(&sandbox);
}
