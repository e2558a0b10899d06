//! What plugins run: start, stop, restart, status, logs, scripts, and what such commands may do.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

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
        "one: started\ntwo: no such command in its definition\nthree: started\n3 plugins: 2 started, 1 skipped, 0 failed\n"
    );
    assert_eq!(trace(&sandbox), ["start one", "start three"]);
    sandbox.atk(&["stop", "--all"]).succeeds();
    assert_eq!(trace(&sandbox), ["stop three", "stop one"]);
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
    let missing = sandbox.atk(&["start", "two", "--json"]).fails(5).json();
    assert_eq!(missing["error"]["kind"], "not_declared");
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
    assert_eq!(busy["error"]["kind"], "port_in_use");
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
    assert_eq!(rows[4], ["wants", "wants", "unknown", "unset:", "AA"]);
    sandbox.atk(&["status", "up"]).succeeds();
    sandbox.atk(&["status", "broken"]).fails(5);
}

#[test]
fn logs_and_scripts_write_to_our_own_streams() {
    let sandbox = home(&[("one", "lifecycle: {logs: 'echo out; echo err >&2'}\n")]);
    let logs = sandbox.atk(&["logs", "one"]).succeeds();
    assert_eq!(
        (logs.stdout.as_str(), logs.stderr.as_str()),
        ("out\n", "err\n")
    );
    sandbox
        .files("home/plugins/one")
        .exec("hello.sh", "#!/bin/sh\necho plugin \"$@\"; cat; exit 42\n")
        .exec("plain", "echo no interpreter $1\n")
        .file("data", "echo read by the shell $1\n")
        .exec("bin/deep", "#!/bin/sh\npwd\n")
        .file(".env", "WHO=me\n");
    let run = sandbox.atk_with_input(&["run", "one", "hello", "--flag", "a b"], "input\n");
    assert_eq!(run.fails(42).stdout, "plugin --flag a b\ninput\n");
    assert_eq!(
        sandbox.atk(&["run", "one", "plain", "x"]).succeeds().stdout,
        "no interpreter x\n"
    );
    assert_eq!(
        sandbox.atk(&["run", "one", "data", "y"]).succeeds().stdout,
        "read by the shell y\n"
    );
    let dir = sandbox.home().join("plugins/one");
    assert_eq!(
        sandbox.atk(&["run", "one", "bin/deep"]).succeeds().stdout,
        format!("{}\n", dir.display())
    );
    sandbox
        .files("home/plugins/one/custom")
        .exec("hello.sh", "#!/bin/sh\necho mine $WHO\n");
    assert_eq!(
        sandbox.atk(&["run", "one", "hello"]).succeeds().stdout,
        "mine me\n"
    );
    let ended = sandbox.atk(&["run", "--json", "one", "hello"]).succeeds();
    assert_eq!(
        ended.stdout,
        "{\"script\":\"custom/hello.sh\",\"exit_code\":0}\n"
    );
    assert_eq!(
        sandbox
            .atk(&["git", "log", "-1", "--format=%s"])
            .succeeds()
            .stdout,
        "Add plugin 'one'\n"
    );
    sandbox.atk(&["git", "rev-parse", "nothing"]).fails(128);
}

#[test]
fn a_script_never_lies_outside_its_plugin() {
    let sandbox = home(&[("one", "")]);
    sandbox
        .files("work")
        .exec("evil.sh", "#!/bin/sh\ntouch ran\n");
    let outside = sandbox.path("work/evil.sh");
    sandbox
        .files("home/plugins/one")
        .link("leaves.sh", outside.to_str().unwrap())
        .link("dir", sandbox.path("work").to_str().unwrap())
        .exec("real.sh", "#!/bin/sh\necho real\n")
        .link("stays", "real.sh");
    for script in [
        "../../../work/evil",
        outside.to_str().unwrap(),
        "leaves",
        "dir/evil",
        "",
        ".",
        "missing",
    ] {
        let code = sandbox.atk(&["run", "one", script]);
        assert_ne!(code.code, 0, "{script}");
    }
    assert!(!sandbox.path("work/ran").exists());
    assert!(!sandbox.home().join("plugins/one/ran").exists());
    assert_eq!(
        sandbox.atk(&["run", "one", "stays"]).succeeds().stdout,
        "real\n"
    );
}

#[test]
fn the_compose_override_of_the_user_joins_every_event() {
    let mut sandbox = home(&[(
        "one",
        "service: {type: docker-compose}\nlifecycle: {start: docker compose up -d, stop: docker compose down, status: docker compose ps, logs: docker compose logs}\n",
    )]);
    sandbox
        .files("bin")
        .exec("docker", "#!/bin/sh\necho \"$*\" >>$ATK_HOME/../trace\n");
    let path = std::env::var("PATH").unwrap();
    sandbox.set("PATH", format!("{}:{path}", sandbox.path("bin").display()));
    sandbox
        .files("home/plugins/one/custom")
        .file("docker-compose.override.yml", "services: {}\n");
    for command in ["start", "stop", "status", "logs"] {
        sandbox.atk(&[command, "one"]).succeeds();
    }
    let files = "compose -f docker-compose.yml -f custom/docker-compose.override.yml";
    let expected = ["up -d", "down", "ps", "logs"].map(|rest| format!("{files} {rest}"));
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
        assert!(said.contains(r#""kind":"home_nested""#), "{file}: {said}");
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
    sandbox.atk(&["stop", "killer"]).fails(5);
    sandbox.atk(&["start", "suicidal"]).succeeds();
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json();
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
    sandbox.atk(&["stop", "stubborn"]).fails(5);
}

#[test]
fn the_mcp_configuration_is_ready_for_an_agents_file() {
    let sandbox = home(&[
        (
            "std",
            "env_vars: [{name: TOKEN, required: true, secret: true, default: x}, {name: MODE, default: fast}, {name: NOPE}]\n\
             mcp: {transport: stdio, command: $ATK_PLUGIN_DIR/run, args: [--mode, '${MODE}'], env: [TOKEN, MODE, NOPE], timeout: 5000}\n",
        ),
        (
            "web",
            "mcp: {transport: http, endpoint: 'http://localhost:1/$ATK_PLUGIN_DIR'}\n",
        ),
        ("none", ""),
    ]);
    fs::write(sandbox.home().join("plugins/std/.env"), "TOKEN=s3cret\n").unwrap();
    let dir = |name: &str| {
        sandbox
            .home()
            .join("plugins")
            .join(name)
            .display()
            .to_string()
    };
    let shown = sandbox.atk(&["mcp", "std"]).succeeds();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&shown.stdout).unwrap(),
        serde_json::json!({"std": {
            "command": format!("{}/run", dir("std")), "args": ["--mode", "fast"],
            "env": {"MODE": "fast", "TOKEN": "s3cret"}, "timeout": 5000,
        }})
    );
    assert_eq!(
        sandbox.atk(&["mcp", "web", "--json"]).succeeds().json(),
        serde_json::json!({"web": {"type": "http", "url": format!("http://localhost:1/{}", dir("web"))}})
    );
    let required = "env_vars: [{name: TOKEN, required: true}]\nmcp: {transport: stdio, command: run, env: [TOKEN]}\n";
    fs::remove_file(sandbox.home().join("plugins/std/.env")).unwrap();
    sandbox
        .files("home/plugins/std")
        .definition("std", required);
    let unset = sandbox.atk(&["mcp", "std"]).succeeds();
    assert!(unset.stdout.contains("<NOT_SET>"));
    assert!(
        unset.stderr.contains("`TOKEN` has no value"),
        "{}",
        unset.stderr
    );
    assert_eq!(
        sandbox.atk(&["mcp", "none", "--json"]).fails(5).json()["error"]["kind"],
        "not_declared"
    );
}

#[test]
fn a_command_wins_over_a_plugin_and_a_readme_is_shown_safely() {
    let sandbox = home(&[("one", ""), ("list", "")]);
    sandbox
        .files("home/plugins/one")
        .file("README.md", "# One\n\u{1b}[2Jtext\n");
    assert_eq!(
        sandbox.atk(&["help", "one"]).succeeds().stdout,
        "# One\n\\u{1b}[2Jtext\n"
    );
    assert!(
        sandbox
            .atk(&["help", "list"])
            .succeeds()
            .stdout
            .starts_with("Show the plugins of the home")
    );
    assert!(
        sandbox
            .atk(&["help"])
            .succeeds()
            .stdout
            .starts_with("Installs, pins")
    );
    fs::remove_file(sandbox.home().join("plugins/one/README.md")).unwrap();
    let none = sandbox.atk(&["help", "one"]).succeeds();
    assert_eq!(none.stdout, "");
    assert!(none.stderr.contains("has no `README.md`"));
    sandbox.atk(&["help", "nobody"]).fails(4);
}

#[test]
fn completions_and_manual_pages_come_from_the_binary() {
    let sandbox = Sandbox::new();
    for (shell, interpreter) in [("bash", Some("bash")), ("zsh", None), ("fish", None)] {
        let script = sandbox.atk(&["completions", shell]).succeeds().stdout;
        assert!(script.contains("upgrade"), "{shell}");
        if let Some(interpreter) = interpreter {
            let mut check = sandbox.program(interpreter);
            check.arg("-n");
            sandbox.run_with_input(check, &script).succeeds();
        }
    }
    sandbox.atk(&["man", "pages"]).succeeds();
    let page = fs::read_to_string(sandbox.path("work/pages/atk-upgrade.1")).unwrap();
    assert!(page.contains("dry\\-run"), "{page}");
    let mode = fs::metadata(sandbox.path("work/pages"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o700, 0o700);
}
