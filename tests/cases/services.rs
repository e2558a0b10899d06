//! What plugins run: start, stop, restart, status, logs, scripts, and what such commands may do.

use std::fs;
use std::net::TcpListener;

use atk_tests::sandbox::Sandbox;

/// A home with local plugins; each is a name and further lines of its definition.
fn home(plugins: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::with_home();
    for (name, more) in plugins {
        let source = format!("work/{name}");
        sandbox.files(&source).definition(name, more);
        sandbox.atk(&["add", &format!("./{name}")]).succeeds();
    }
    sandbox
}

/// A lifecycle that notes down what ran, in the sandbox's `trace`.
fn traced(name: &str) -> String {
    let event = |event: &str| format!("{event}: 'echo {event} {name} >>$ATK_HOME/../trace'");
    format!("lifecycle: {{{}, {}}}\n", event("start"), event("stop"))
}

fn trace(sandbox: &Sandbox) -> Vec<String> {
    let text = fs::read_to_string(sandbox.path("trace")).unwrap_or_default();
    let _ = fs::remove_file(sandbox.path("trace"));
    text.lines().map(str::to_owned).collect()
}

#[test]
fn all_start_in_the_order_of_the_manifest_and_stop_in_reverse() {
    let (one, two, three) = (traced("one"), "", traced("three"));
    let sandbox = home(&[("one", &one), ("two", two), ("three", &three)]);
    let shown = sandbox
        .atk(&["start", "--all", "--color", "never"])
        .succeeds();
    assert_eq!(
        shown.stdout,
        "one: started\ntwo: its definition has no such command\nthree: started\n3 plugins: 2 \
         started, 1 skipped, 0 failed\n"
    );
    assert_eq!(trace(&sandbox), ["start one", "start three"]);
    let shown = sandbox.atk(&["stop", "--all"]).succeeds();
    assert_eq!(trace(&sandbox), ["stop three", "stop one"]);
    assert!(
        shown.stdout.starts_with("one: stopped\n"),
        "in the order of the manifest"
    );
    let report = sandbox
        .atk(&["restart", "--all", "--json"])
        .succeeds()
        .json();
    assert_eq!(
        trace(&sandbox),
        ["stop three", "stop one", "start one", "start three"]
    );
    assert_eq!(
        report["plugins"][0]["outcome"]["commands"].to_string(),
        r#"["stop","start"]"#
    );
    // So it is for one plugin: a warning, and success.
    for command in ["start", "stop", "restart"] {
        let none = sandbox.atk(&[command, "two", "--json"]).succeeds().json();
        assert_eq!(none["plugins"][0]["reason"], "no_command", "{command}");
        let said = sandbox.atk(&[command, "two"]).succeeds().stderr;
        assert!(said.contains("warning: `two` declares no `"), "{said}");
    }
    let logs = sandbox.atk(&["logs", "two"]).succeeds();
    assert_eq!(logs.stderr, "warning: `two` declares no `logs` command\n");
    let logs = sandbox.atk(&["logs", "two", "--json"]).succeeds();
    let warning = "`two` declares no `logs` command";
    let expected = format!("{{\"commands\":[],\"warnings\":[\"{warning}\"]}}\n");
    assert_eq!(logs.stdout, expected);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_start_wants_its_variables_and_its_ports() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let more = format!(
        "ports: [{{port: {port}, name: web}}]\nenv_vars: [{{name: AA, required: true}}, {{name: BB, required: true}}]\n\
         lifecycle: {{start: 'true'}}\n"
    );
    let sandbox = home(&[("one", "")]);
    sandbox.files("home/plugins/one").definition("one", &more);
    let unset = sandbox.atk(&["start", "one", "--json"]).fails(8).json();
    assert_eq!(
        unset["error"]["details"]["variables"].to_string(),
        r#"["AA","BB"]"#
    );
    fs::write(sandbox.home().join("plugins/one/.env"), "AA=1\nBB=2\n").unwrap();
    let busy = sandbox.atk(&["start", "one", "--json"]).fails(9).json();
    assert_eq!(busy["error"]["code"], "port_in_use");
    assert!(
        busy["error"]["message"]
            .as_str()
            .unwrap()
            .contains(&port.to_string())
    );
    let status = sandbox.atk(&["status", "--json"]).succeeds().json();
    let outcome = &status["plugins"][0]["outcome"];
    assert_eq!(outcome["ports"][0]["in_use"], true);
    assert_eq!(outcome["state"], "unknown");
    drop(listener);
    sandbox.atk(&["start", "one"]).succeeds();
}

#[test]
fn status_tells_running_from_stopped_and_a_broken_plugin_spoils_no_other() {
    let sandbox = home(&[
        ("up", "lifecycle: {status: 'true'}\n"),
        ("down", "lifecycle: {status: exit 3}\n"),
        ("broken", ""),
        ("wants", "env_vars: [{name: AA}]\n"),
    ]);
    fs::write(
        sandbox.home().join("plugins/broken/plugin.yaml"),
        "no: [yaml",
    )
    .unwrap();
    let required = "env_vars: [{name: AA, required: true}]\n";
    sandbox
        .files("home/plugins/wants")
        .definition("wants", required);
    let shown = sandbox.atk(&["status", "--color", "never"]).fails(1);
    let rows: Vec<Vec<&str>> = shown
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[1][..3], ["up", "up", "running"]);
    assert_eq!(rows[2][..3], ["down", "down", "stopped"]);
    assert_eq!(rows[3][..3], ["broken", "broken", "failed"]);
    assert_eq!(rows[4], ["wants", "wants", "no", "service", "unset:", "AA"]);
    sandbox.atk(&["status", "up"]).succeeds();
    sandbox.atk(&["status", "broken"]).fails(5);
}

#[test]
fn status_tells_a_plugin_without_a_service_from_one_without_a_status_command() {
    let service = |more: &str| format!("service: {{type: script}}\n{more}");
    let sandbox = home(&[
        ("tool", "mcp: {transport: stdio, command: sh}\n"),
        ("skill", "lifecycle: {install: 'true', uninstall: 'true'}\n"),
        ("started", "lifecycle: {start: 'true'}\n"),
        ("logged", "lifecycle: {logs: 'true'}\n"),
        ("ported", "ports: [{port: 1}]\n"),
        ("served", &service("")),
        ("up", &service("lifecycle: {status: 'true'}\n")),
    ]);
    let status = sandbox.atk(&["status", "--json"]).succeeds().json();
    let plugins = status["plugins"].as_array().unwrap().iter();
    let reasons: Vec<_> = plugins
        .map(|one| one["outcome"]["unknown"].as_str())
        .collect();
    let (none, no_command) = (Some("no_service"), Some("no_command"));
    assert_eq!(
        reasons,
        [
            none, none, no_command, no_command, no_command, no_command, None
        ]
    );
    let shown = sandbox.atk(&["status"]).succeeds().stdout;
    let (table, _) = shown.split_once("\n\n").unwrap();
    insta::assert_snapshot!(table, @r"
    DIRECTORY  NAME     STATUS      PORTS  NOTES
    tool       tool     no service
    skill      skill    no service
    started    started  unknown            it has no `status` command
    logged     logged   unknown            it has no `status` command
    ported     ported   unknown     1      it has no `status` command
    served     served   unknown            it has no `status` command
    up         up       running
    ");
}

#[test]
fn logs_are_written_to_our_own_streams() {
    let sandbox = home(&[("one", "lifecycle: {logs: 'echo out; echo err >&2'}\n")]);
    let logs = sandbox.atk(&["logs", "one"]).succeeds();
    assert_eq!(
        (logs.stdout.as_str(), logs.stderr.as_str()),
        ("out\n", "err\n")
    );
    let logs = sandbox.atk(&["logs", "one", "--json"]).succeeds();
    assert_eq!(logs.stdout, "{\"commands\":[\"logs\"],\"warnings\":[]}\n");
    assert_eq!(logs.stderr, "out\nerr\n");
}

#[test]
fn a_restart_takes_nothing_down_that_it_cannot_bring_up_again() {
    let trace_of = |name: &str, stop: &str| {
        format!(
            "lifecycle: {{start: 'echo start {name} >>$ATK_HOME/../trace', stop: 'echo stop {name} >>$ATK_HOME/../trace{stop}'}}\n"
        )
    };
    let wants = format!("env_vars: [{{name: AA}}]\n{}", trace_of("wants", ""));
    let sandbox = home(&[
        ("wants", &wants),
        ("stuck", &trace_of("stuck", "; exit 3")),
        ("good", &trace_of("good", "")),
        (
            "stops",
            "lifecycle: {stop: 'echo stop stops >>$ATK_HOME/../trace'}\n",
        ),
    ]);
    let required = wants.replace("AA}", "AA, required: true}");
    sandbox
        .files("home/plugins/wants")
        .definition("wants", &required);
    let shown = sandbox
        .atk(&["restart", "--all", "--color", "never"])
        .fails(1);
    insta::assert_snapshot!(shown.stdout, @"
    wants: failed
    stuck: failed
    good: restarted
    stops: its definition has no such command
    4 plugins: 1 restarted, 1 skipped, 2 failed
    ");
    let failures = shown.stderr.split_once("wants: failed: ").unwrap().1;
    insta::assert_snapshot!(failures, @"
    required variables of `wants` have no value: AA
        help: pass --env AA=... or --env-file <FILE>; if the plugin is installed, run `atk setup wants`
    stuck: failed: the `stop` command of `stuck` failed with exit code 3
    2 of 4 plugins failed
    ");
    assert_eq!(trace(&sandbox), ["stop good", "stop stuck", "start good"]);
    sandbox.atk(&["restart", "wants"]).fails(8);
    sandbox.atk(&["restart", "stuck"]).fails(6);
    sandbox.atk(&["restart", "stops"]).succeeds();
    assert_eq!(trace(&sandbox), ["stop stuck"]);
}

/// Listens on a port while the plugin's `up` is there, and a little longer.
const LISTEN: &str = "import os, socket, sys, time
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('127.0.0.1', int(sys.argv[1])))
listener.listen()
open('up', 'w').close()
while os.path.exists('up'): time.sleep(0.01)
time.sleep(0.3)
";

#[test]
fn a_restart_waits_for_the_port_that_the_stopped_service_still_holds() {
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let more = format!(
        "ports: [{{port: {port}}}, {{port: {port}, protocol: UDP}}]\n\
         lifecycle: {{start: 'python3 listen.py {port} & while [ ! -e up ]; do sleep 0.01; done', stop: rm up}}\n"
    );
    let sandbox = home(&[("one", "")]);
    sandbox
        .files("home/plugins/one")
        .definition("one", &more)
        .file("listen.py", LISTEN);
    sandbox.atk(&["start", "one"]).succeeds();
    let busy = sandbox.atk(&["start", "one", "--json"]).fails(9).json();
    assert_eq!(
        busy["error"]["message"],
        format!("the port {port} of `one` is in use")
    );
    sandbox.atk(&["restart", "one"]).succeeds();
    let status = sandbox.atk(&["status", "one", "--json"]).succeeds().json();
    let ports = &status["plugins"][0]["outcome"]["ports"];
    assert_eq!(ports[0]["in_use"], true);
    assert_eq!(ports[1]["in_use"], false, "TCP and UDP are told apart");
    sandbox.atk(&["stop", "one"]).succeeds();
}

#[test]
fn what_runs_long_or_may_run_atk_holds_no_lock() {
    let sandbox = home(&[(
        "slow",
        "lifecycle: {start: 'echo up >&2; while [ ! -e done ]; do sleep 0.01; done', status: test -e done, logs: echo log}\n",
    )]);
    sandbox
        .files("home/plugins/slow")
        .exec("hi.sh", "#!/bin/sh\necho hi\n");
    let mut starting = sandbox.start(&["start", "slow"]);
    starting.wait_for("up");
    for command in [
        &["list"][..],
        &["status", "slow"],
        &["logs", "slow"],
        &["run", "slow", "hi"],
        &["git", "status"],
    ] {
        sandbox.atk(command).succeeds();
    }
    let locked = sandbox
        .atk(&["stop", "slow", "--no-wait", "--json"])
        .fails(11)
        .json();
    assert_eq!(locked["error"]["code"], "home_locked");
    fs::write(sandbox.home().join("plugins/slow/done"), "").unwrap();
    starting.wait().succeeds();
}

#[test]
fn on_a_terminal_a_command_has_it_and_ctrl_c_ends_it() {
    let sandbox = home(&[(
        "one",
        "lifecycle: {start: 'printf \"who? \"; read who; echo hello $who; test -t 1', \
         logs: 'echo line; exec sleep 60', status: 'echo noise; echo noise >&2; exit 1'}\n",
    )]);
    let mut terminal = sandbox.terminal(&["start", "one"]);
    terminal.wait_for("who? ");
    terminal.enter("me");
    terminal.wait_for("hello me");
    terminal.wait().succeeds();
    let mut terminal = sandbox.terminal(&["logs", "one"]);
    terminal.wait_for("line");
    terminal.press("\x03");
    let ended = terminal.wait().fails(130);
    assert!(!ended.stdout.contains("error"), "{}", ended.stdout);
    let shown = sandbox.terminal(&["status", "one"]).wait().succeeds();
    assert!(!shown.stdout.contains("noise"), "{}", shown.stdout);
    let shown = sandbox.atk(&["status", "one"]).succeeds();
    assert_eq!(shown.stderr, "");
    let shown = sandbox.atk(&["status", "one", "-v"]).succeeds();
    assert!(shown.stderr.contains("noise\nnoise\n"), "{}", shown.stderr);
}

#[test]
fn the_compose_override_of_the_user_joins_every_event() {
    let mut sandbox = home(&[(
        "one",
        "service: {type: docker-compose}\nlifecycle: {start: docker compose up -d, stop: docker compose down, status: docker compose ps, logs: docker compose logs}\n",
    )]);
    sandbox.files("bin").exec(
        "docker",
        "#!/bin/sh\necho \"$*\" >>$ATK_HOME/../trace\n[ \"$6\" != ps ]\n",
    );
    let path = std::env::var("PATH").unwrap();
    sandbox.set("PATH", format!("{}:{path}", sandbox.path("bin").display()));
    sandbox
        .files("home/plugins/one/custom")
        .file("docker-compose.override.yml", "services: {}\n");
    for command in ["start", "stop", "status", "logs"] {
        sandbox.atk(&[command, "one"]).succeeds();
    }
    let files = "compose -f docker-compose.yml -f custom/docker-compose.override.yml";
    // A start looks whether it runs already.
    let expected = ["ps", "up -d", "down", "ps", "logs"].map(|rest| format!("{files} {rest}"));
    assert_eq!(trace(&sandbox), expected);
}

#[test]
fn a_nested_atk_reads_and_changes_nothing() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/other").definition("Other", "");
    let other = sandbox.path("work/other");
    let atk = atk_tests::sandbox::atk_binary();
    let script = format!(
        "#!/bin/sh\n'{atk}' list >list || exit 1\n'{atk}' status >status || exit 1\n\
         '{atk}' add '{other}' --json >add; echo $? >>add\n'{atk}' setup nested --env AA=1 --json >setup; echo $? >>setup\n",
        atk = atk.display(),
        other = other.display()
    );
    let variables =
        "env_vars: [{name: AA}]\nlifecycle: {install: ./install.sh, uninstall: 'true'}\n";
    sandbox
        .files("work/nested")
        .definition("Nested", variables)
        .exec("install.sh", script);
    sandbox.atk(&["add", "./nested"]).succeeds();
    for file in ["add", "setup"] {
        let said = sandbox.read(&format!("plugins/nested/{file}"));
        assert!(said.contains(r#""code":"home_nested""#), "{file}: {said}");
        assert!(said.ends_with("11\n"), "{file}: {said}");
    }
    assert!(sandbox.read("plugins/nested/list").contains("nested"));
    assert!(!sandbox.home().join("plugins/other").exists());
    // A script of the user's, which holds no lock, may.
    let add = format!(
        "#!/bin/sh\nexec '{}' add '{}'\n",
        atk.display(),
        other.display()
    );
    sandbox
        .files("home/plugins/nested/custom")
        .exec("more.sh", add);
    sandbox.atk(&["run", "nested", "more"]).succeeds();
    assert!(sandbox.home().join("plugins/other").exists());
}

#[test]
fn a_change_nested_in_that_of_another_home_is_refused() {
    let sandbox = Sandbox::with_home();
    let atk = atk_tests::sandbox::atk_binary();
    let script = |home: &str, source: &std::path::Path, more: &str| {
        let (home, source) = (sandbox.path(home), source.display());
        format!(
            "#!/bin/sh\nexec env ATK_HOME='{}' '{}' add '{source}' {more}\n",
            home.display(),
            atk.display()
        )
    };
    let again = sandbox.path("work/again");
    let inner = sandbox.path("work/inner");
    let (first, second) = (sandbox.home(), "second");
    let lifecycle = "lifecycle: {install: ./install.sh, uninstall: 'true'}\n";
    sandbox.files("work/again").definition("Again", "");
    let back = script(first.to_str().unwrap(), &again, "--json >said || true");
    sandbox
        .files("work/inner")
        .definition("Inner", lifecycle)
        .exec("install.sh", back.replace("exec ", ""));
    sandbox
        .files("work/outer")
        .definition("Outer", lifecycle)
        .exec("install.sh", script(second, &inner, "--yes"));
    let mut create = sandbox.program(atk.to_str().unwrap());
    create.arg("init").env("ATK_HOME", sandbox.path(second));
    sandbox.spawn(create).wait().succeeds();
    sandbox.atk(&["add", "./outer"]).succeeds();
    let said = sandbox.path(second).join("plugins/inner/said");
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.contains(r#""code":"home_nested""#), "{said}");
}

#[test]
fn a_gigabyte_of_output_is_neither_kept_nor_waited_for() {
    let sandbox = home(&[(
        "loud",
        "lifecycle: {start: 'head -c 1000000000 /dev/zero; head -c 1000 /dev/zero >&2; exit 5'}\n",
    )]);
    let mut command = sandbox.program("/bin/sh");
    // 200 MiB of memory are enough.
    command.args(["-c", "ulimit -v 204800; exec \"$0\" \"$@\""]);
    command.arg(atk_tests::sandbox::atk_binary());
    command.args(["start", "loud", "--quiet", "--json"]);
    let failed = sandbox.spawn(command).wait().fails(6).json();
    assert!(failed["error"]["details"]["output"].as_str().unwrap().len() < 50_000);
}

#[test]
fn commands_that_fork_read_or_destroy_neither_hang_nor_harm() {
    let sandbox = home(&[
        (
            "daemon",
            "lifecycle: {start: 'sleep 30 & echo $! >pid; echo started'}\n",
        ),
        (
            "reader",
            "lifecycle: {start: 'cat; read line; echo got $line'}\n",
        ),
        (
            "suicidal",
            "lifecycle: {start: 'rm -rf \"$ATK_PLUGIN_DIR\"'}\n",
        ),
        ("killer", "lifecycle: {start: 'kill -9 $PPID; sleep 1'}\n"),
    ]);
    let began = std::time::Instant::now();
    sandbox.atk(&["start", "daemon"]).succeeds();
    sandbox.atk(&["start", "reader"]).succeeds();
    assert!(began.elapsed().as_secs() < 20);
    let pid = sandbox.read("plugins/daemon/pid");
    assert!(
        std::path::Path::new(&format!("/proc/{}", pid.trim())).exists(),
        "it lives on"
    );
    let _ = std::process::Command::new("kill").arg(pid.trim()).status();
    sandbox.atk(&["start", "killer"]).fails(128 + 9);
    sandbox.atk(&["stop", "killer"]).succeeds();
    sandbox.atk(&["start", "suicidal"]).succeeds();
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert_eq!(listed[2]["state"], "missing");
    sandbox.atk(&["remove", "suicidal", "-y"]).succeeds();
}

#[test]
fn ctrl_c_ends_a_command_that_ignores_being_asked() {
    let sandbox = home(&[(
        "stubborn",
        "lifecycle: {start: 'trap \"\" TERM INT; echo here >&2; while :; do sleep 1; done'}\n",
    )]);
    let mut running = sandbox.start(&["start", "stubborn"]);
    running.wait_for("here");
    running.interrupt();
    running.wait().fails(130);
    sandbox.atk(&["stop", "stubborn"]).succeeds();
}
