//! `exec`: `atk` becomes the MCP server of a plugin.

use std::fs::File;

use atk_tests::sandbox::Sandbox;

const SERVER: &str = "#!/bin/sh
echo \"$# $* | $TOKEN | $MODE | $GIT_DIR | $(pwd) | $ATK_PLUGIN_DIR | $$\"
cat
exit 42
";

/// A home with the plugin `srv`, whose server prints what it was given.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/srv")
        .definition(
            "Srv",
            "env_vars:
- {name: TOKEN, required: true, secret: true}
- {name: MODE, default: fast}
- {name: FROM_OUTSIDE}
mcp: {transport: stdio, command: ./serve, args: [--dir, $ATK_PLUGIN_DIR, $FROM_OUTSIDE], env: [TOKEN, MODE]}
",
        )
        .exec("serve", SERVER);
    sandbox
        .atk(&["add", "./srv", "--env", "TOKEN=t0ken"])
        .succeeds();
    sandbox
}

#[test]
fn atk_becomes_the_server_in_its_directory_with_its_variables() {
    let mut sandbox = home();
    sandbox.set("TOKEN", "of the environment");
    sandbox.set("FROM_OUTSIDE", "outside");
    sandbox.set("GIT_DIR", "/nowhere");
    sandbox
        .files("home/plugins/srv")
        .file(".env", "TOKEN='a b'\n");
    let dir = sandbox.home().join("plugins/srv");
    let dir = dir.display();
    let command = sandbox.command(&["exec", "srv", "--", "--home", "x y"]);
    let ended = sandbox.run_with_input(command, "{\"jsonrpc\"\n").fails(42);
    let (first, pid) = ended.stdout.rsplit_once(" | ").unwrap();
    assert_eq!(
        first,
        format!("5 --dir {dir} outside --home x y | a b | fast |  | {dir} | {dir}")
    );
    assert!(pid.ends_with("\n{\"jsonrpc\"\n"), "{pid}");
    assert_eq!(ended.stderr, "");
}

#[test]
fn the_server_is_the_same_process_and_no_lock_is_taken() {
    let sandbox = home();
    let lock = sandbox.home().join(".git/atk/lock");
    let held = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(lock)
        .unwrap();
    held.lock().unwrap();
    let running = sandbox.start(&["exec", "--no-wait", "srv"]);
    let pid = running.pid();
    let ended = running.wait().fails(42);
    assert!(
        ended.stdout.ends_with(&format!(" | {pid}\n")),
        "{}",
        ended.stdout
    );
}

#[test]
fn the_overlay_applies_and_a_program_is_found_on_the_path_of_env() {
    let sandbox = home();
    sandbox
        .files("home/plugins/srv")
        .file(
            "custom/overrides.yaml",
            "mcp: {command: mine, args: ['${TOKEN}']}\n",
        )
        .exec("custom/bin/mine", "#!/bin/sh\necho mine $1\n");
    let bin = sandbox.home().join("plugins/srv/custom/bin");
    let env = format!("TOKEN=x\nPATH={}:/usr/bin:/bin\n", bin.display());
    sandbox.files("home/plugins/srv").file(".env", &env);
    assert_eq!(sandbox.atk(&["exec", "srv"]).succeeds().stdout, "mine x\n");
}

#[test]
fn what_cannot_run_is_explained_on_standard_error() {
    let sandbox = home();
    let explained = |code: i32, expected: &str| {
        let ended = sandbox.atk(&["exec", "srv"]).fails(code);
        assert_eq!(
            (ended.stdout.as_str(), ended.stderr.as_str()),
            ("", expected)
        );
    };
    let files = || sandbox.files("home/plugins/srv");
    files().file(".env", "");
    explained(
        8,
        "error: required variables of `srv` have no value: TOKEN\nhelp: pass --env TOKEN=... or --env-file <FILE>; if the plugin is installed, run `atk setup srv`\n",
    );
    files()
        .file(".env", "TOKEN=x\n")
        .file("custom/overrides.yaml", "mcp: {command: no-such-program}\n");
    explained(
        5,
        "error: the program of the MCP server, `no-such-program`, was not found on the `PATH`\nhelp: install `no-such-program`, or set `PATH` in the plugin's `.env`\n",
    );
    files().file("custom/overrides.yaml", "mcp: {command: ./plugin.yaml}\n");
    explained(
        5,
        "error: the program of the MCP server, `./plugin.yaml`, does not exist or is not executable\nhelp: `atk verify srv` shows whether files of the plugin are missing\n",
    );
    sandbox.files("work/far").definition(
        "Far",
        "mcp: {transport: http, endpoint: 'https://x.example/mcp'}\n",
    );
    sandbox.atk(&["add", "./far"]).succeeds();
    let said = sandbox.atk(&["exec", "far"]).fails(5).stderr;
    assert_eq!(
        said,
        "error: `Far` has a remote MCP server (http): there is no command to run\n"
    );
}
