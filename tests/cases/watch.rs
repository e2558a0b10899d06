//! `watch`: a change is told of, whoever makes it.

use std::fs;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use atk_core::{CancelToken, ErrorKind, Event, Home, Host, Options, WatchOptions};
use atk_tests::sandbox::{Sandbox, python_atk};

/// Passes events on to the test.
struct Ear(std::sync::Mutex<std::sync::mpsc::Sender<Event>>);

impl Host for Ear {
    fn event(&self, event: Event) {
        let _ = self.0.lock().unwrap().send(event);
    }
}

/// A watch on a thread of its own, which has begun.
struct Watch {
    events: Receiver<Event>,
    cancel: CancelToken,
    thread: std::thread::JoinHandle<ErrorKind>,
}

impl Watch {
    fn begin(sandbox: &Sandbox) -> Watch {
        let (sender, events) = channel();
        let cancel = CancelToken::new();
        let home = Home::open(sandbox.home(), Options::new(sandbox.path("cache"))).unwrap();
        let home = home.with_cancel(&cancel);
        let thread = std::thread::spawn(move || {
            let host = Ear(std::sync::Mutex::new(sender));
            let ended = home.watch(&WatchOptions::default(), &host);
            ended.unwrap_err().kind()
        });
        let watch = Watch {
            events,
            cancel,
            thread,
        };
        loop {
            match watch.events.recv_timeout(Duration::from_secs(10)).unwrap() {
                Event::Watching => return watch,
                Event::OperationStarted { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The directories that changed, and whether the manifest did, until nothing has come for a
    /// while. The first must come within a second.
    fn changes(&self) -> (Vec<String>, bool) {
        let mut all = Vec::new();
        let mut any_manifest = false;
        let mut wait = Duration::from_secs(1);
        while let Ok(event) = self.events.recv_timeout(wait) {
            if let Event::Changed { plugins, manifest } = event {
                all.extend(plugins);
                any_manifest |= manifest;
                wait = Duration::from_millis(700);
            }
        }
        all.sort();
        all.dedup();
        (all, any_manifest)
    }

    fn end(self) {
        let begun = Instant::now();
        self.cancel.cancel();
        assert_eq!(self.thread.join().unwrap(), ErrorKind::Cancelled);
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "{:?}",
            begun.elapsed()
        );
    }
}

fn with_tools() -> Sandbox {
    let sandbox = Sandbox::with_home();
    for name in ["one", "two"] {
        let files = sandbox.files(&format!("work/{name}"));
        files.definition(name, "env_vars: [{name: TOKEN}]\n");
    }
    sandbox.atk(&["add", "./one", "-y"]).succeeds();
    sandbox
}

#[test]
fn changes_by_our_own_operations_by_an_editor_and_by_git_are_told_of() {
    let sandbox = with_tools();
    let watch = Watch::begin(&sandbox);

    sandbox.atk(&["add", "./two", "-y"]).succeeds();
    assert_eq!(watch.changes(), (vec!["two".to_owned()], true));
    // The new directory is watched too.
    let env = sandbox.home().join("plugins/two/.env");
    fs::write(&env, "TOKEN=s3cret\n").unwrap();
    assert_eq!(watch.changes(), (vec!["two".to_owned()], false));
    // An editor writes another file and moves it over the old one.
    fs::write(env.with_file_name(".env.swp~"), "TOKEN=other\n").unwrap();
    fs::rename(env.with_file_name(".env.swp~"), &env).unwrap();
    assert_eq!(watch.changes(), (vec!["two".to_owned()], false));
    // A directory that was not there before.
    fs::create_dir(sandbox.home().join("plugins/one/custom")).unwrap();
    std::thread::sleep(Duration::from_millis(600));
    let overrides = sandbox.home().join("plugins/one/custom/overrides.yaml");
    fs::write(overrides, "description: mine\n").unwrap();
    assert_eq!(watch.changes(), (vec!["one".to_owned()], false));
    // git takes files away and writes them anew.
    sandbox.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    let (plugins, manifest) = watch.changes();
    assert!(
        plugins.contains(&"two".to_owned()) && manifest,
        "{plugins:?}"
    );
    // What is none of the home's business is no change.
    fs::write(sandbox.home().join("plugins/one/data"), "x").unwrap();
    sandbox.atk(&["list"]).succeeds();
    assert_eq!(watch.changes(), (vec![], false));
    // A manifest that cannot be read for a while does not end the watch.
    let manifest = sandbox.home().join("manifest.yaml");
    let text = fs::read(&manifest).unwrap();
    fs::write(&manifest, "plugins: [").unwrap();
    assert!(watch.changes().1);
    fs::write(&manifest, text).unwrap();
    assert!(watch.changes().1);
    watch.end();
}

#[test]
fn changes_by_the_python_tool_are_told_of() {
    let Some(python) = python_atk() else {
        return;
    };
    let sandbox = with_tools();
    let watch = Watch::begin(&sandbox);
    let mut tool = sandbox.program(python);
    tool.args(["add", "-y", "./two"]);
    sandbox.run_with_input(tool, "\n\n").succeeds();
    let (plugins, manifest) = watch.changes();
    assert!(
        plugins.contains(&"two".to_owned()) && manifest,
        "{plugins:?}"
    );
    watch.end();
}

#[test]
fn a_watch_costs_nothing_while_nothing_happens() {
    let sandbox = with_tools();
    let running = sandbox.start(&["watch", "--json"]);
    std::thread::sleep(Duration::from_millis(800));
    let before = processor_time(running.pid());
    std::thread::sleep(Duration::from_secs(3));
    let used = processor_time(running.pid()) - before;
    assert!(used <= 1, "{used} ticks of 10 ms in 3 s");
    running.interrupt();
    let ended = running.wait().fails(130);
    assert!(
        ended.stdout.starts_with("{\"event\":\"watching\"}\n"),
        "{}",
        ended.stdout
    );
}

/// The processor time of a process in ticks of the system, 10 ms each.
fn processor_time(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn a_watch_may_end_at_the_first_change() {
    let sandbox = with_tools();
    let running = sandbox.start(&["watch", "--once", "--json"]);
    std::thread::sleep(Duration::from_millis(800));
    let env = sandbox.home().join("plugins/one/.env");
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("echo TOKEN=s3cret > {}", env.display()))
        .status();
    assert!(status.unwrap().success());
    let ended = running.wait().succeeds();
    assert_eq!(
        ended.stdout,
        "{\"event\":\"watching\"}\n{\"event\":\"changed\",\"plugins\":[\"one\"],\"manifest\":false}\n"
    );
    let nowhere = Sandbox::new();
    nowhere.atk(&["watch", "--once"]).fails(3);
}
