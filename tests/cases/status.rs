//! `status` and `start`: status commands that hang, services that run already, the repository.

use std::net::{TcpListener, UdpSocket};
use std::time::{Duration, Instant};

use atk_tests::sandbox::Sandbox;

fn home(plugins: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::with_home();
    for (name, more) in plugins {
        let source = format!("work/{name}");
        sandbox.files(&source).definition(name, more);
        sandbox.atk(&["add", &format!("./{name}")]).succeeds();
    }
    sandbox
}

#[test]
fn status_commands_that_hang_delay_no_other_and_each_other() {
    let stuck = "lifecycle: {status: 'trap \"\" TERM; sleep 300'}\n";
    let sandbox = home(&[
        ("stuck", stuck),
        ("fine", "lifecycle: {status: 'true'}\n"),
        ("alike", stuck),
        ("pipe", "lifecycle: {status: 'sleep 300 | cat'}\n"),
    ]);
    let begun = Instant::now();
    let shown = sandbox.atk(&["status", "--timeout", "1.5"]).succeeds();
    assert!(begun.elapsed() < Duration::from_secs(30));
    for (name, state) in [
        ("stuck", "unknown: timed out"),
        ("fine", "running"),
        ("alike", "unknown: timed out"),
        ("pipe", "unknown: timed out"),
    ] {
        let row = shown.stdout.lines().find(|line| line.starts_with(name));
        assert!(row.unwrap().contains(state), "{}", shown.stdout);
    }
    let report = sandbox
        .atk(&["status", "stuck", "--timeout", "0.5", "--json"])
        .succeeds()
        .json();
    assert_eq!(report["plugins"][0]["outcome"]["state"], "unknown");
    assert_eq!(report["plugins"][0]["outcome"]["unknown"], "timed_out");
    sandbox.atk(&["status", "--timeout", "0"]).fails(2);
}

#[test]
fn what_runs_already_is_not_started_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let more = format!(
        "ports: [{{port: {port}}}]\nlifecycle: {{start: 'touch started', stop: rm up, status: 'echo noise; test -e up'}}\n"
    );
    let sandbox = home(&[
        ("web", &more),
        ("late", "lifecycle: {start: 'true', status: 'false'}\n"),
    ]);
    sandbox.files("home/plugins/web").file("up", "");
    let started = sandbox.atk(&["start", "web"]).succeeds();
    assert_eq!(started.stdout, "web: already running\n");
    assert_eq!(started.stderr, "");
    let all = sandbox.atk(&["start", "--all", "--json"]).succeeds().json();
    assert_eq!(all["plugins"][0]["reason"], "already_running");
    assert_eq!(all["plugins"][1]["result"], "done");
    sandbox.atk(&["stop", "web"]).succeeds();
    sandbox.atk(&["start", "web"]).fails(9);
    drop(listener);
    sandbox.atk(&["start", "web"]).succeeds();
}

#[test]
fn ports_are_looked_at_as_they_are_declared() {
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let tcp = TcpListener::bind("[::1]:0")
        .or_else(|_| TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let (busy, other) = (
        udp.local_addr().unwrap().port(),
        tcp.local_addr().unwrap().port(),
    );
    let declares = |port: u16, protocol: &str| {
        format!("ports: [{{port: {port}, protocol: {protocol}}}]\nlifecycle: {{start: 'true'}}\n")
    };
    let sandbox = home(&[
        ("dns", &declares(busy, "udp")),
        ("both", &declares(busy, "tcp/udp")),
        ("beside", &declares(other, "UDP")),
        ("web", &declares(other, "http")),
    ]);
    let error = sandbox.atk(&["start", "dns"]).fails(9).stderr;
    assert!(
        error.contains(&format!("the port {busy}/udp of `dns` is in use")),
        "{error}"
    );
    sandbox.atk(&["start", "both"]).fails(9);
    sandbox.atk(&["start", "beside"]).succeeds();
    sandbox.atk(&["start", "web"]).fails(9);
    let status = sandbox.atk(&["status", "--json"]).succeeds().json();
    let in_use = |place: usize| status["plugins"][place]["outcome"]["ports"][0]["in_use"].clone();
    assert_eq!([in_use(0), in_use(2), in_use(3)], [true, false, true]);
}

#[test]
fn the_repository_is_shown_after_the_plugins() {
    let sandbox = home(&[("one", "")]);
    let bare = sandbox.repos().join("home.git");
    let bare = bare.to_str().unwrap();
    sandbox.git(&["init", "-q", "--bare", bare]);
    sandbox.git(&["remote", "add", "origin", bare]);
    sandbox.git(&["push", "-q", "-u", "origin", "main"]);
    sandbox.atk(&["remove", "one", "-y"]).succeeds();
    sandbox.files("home").file("notes.md", "mine\n");
    let shown = sandbox.atk(&["status"]).succeeds().stdout;
    for part in [
        "Branch   main",
        &format!("Remote   origin/main ({bare}): 1 ahead"),
        "Remove plugin 'one'",
        "Changes  1 path not committed: notes.md",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let report = sandbox.atk(&["status", "--json"]).succeeds().json();
    assert_eq!(report["repository"]["ahead"], 1);
    assert_eq!(report["repository"]["changes"][0], "notes.md");
    sandbox.git(&["checkout", "-q", "--detach"]);
    let report = sandbox.atk(&["status", "--json"]).succeeds().json();
    assert!(report["repository"]["branch"].is_null());
}

#[test]
fn a_repository_that_cannot_be_read_hides_no_plugin() {
    let sandbox = home(&[("one", "lifecycle: {status: 'true'}\n")]);
    sandbox
        .files("home/.git")
        .file("HEAD", "ref: refs/heads/main\n")
        .file("refs/heads/main", "not an id\n");
    let report = sandbox.atk(&["status", "--json"]).succeeds().json();
    assert_eq!(report["plugins"][0]["outcome"]["state"], "running");
    assert!(report["repository"].is_null());
    assert!(
        report["warnings"][0]
            .as_str()
            .unwrap()
            .contains("the state of the repository is unknown")
    );
}
