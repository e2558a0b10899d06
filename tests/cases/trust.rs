//! A clone of another user's home: nothing of it runs, and nothing is pushed, before its user said so
//! on this machine.

use std::fs;
use std::path::PathBuf;

use atk_tests::sandbox::Sandbox;

const COMMANDS: &str = "lifecycle: {install: touch ran, uninstall: touch ran, start: touch ran, stop: touch ran, status: touch ran, logs: touch ran}\n";

/// A home with a local plugin whose every command leaves a file, made by a stranger and cloned.
fn clone() -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/theirs")
        .definition("Theirs", COMMANDS)
        .exec("go.sh", "#!/bin/sh\ntouch ran\n");
    sandbox.atk(&["add", "./theirs"]).succeeds();
    // What its install command did here does not travel.
    sandbox.git(&["rm", "-q", "plugins/theirs/ran"]);
    sandbox.git(&["commit", "-q", "-m", "Clean"]);
    replace_by_clone(&sandbox);
    sandbox
}

/// Puts a clone in the place of the home, which becomes its origin.
fn replace_by_clone(sandbox: &Sandbox) {
    let origin = sandbox.path("origin.git");
    let mut git = sandbox.program("git");
    git.args(["clone", "-q", "--bare"]);
    git.arg(sandbox.home()).arg(&origin);
    sandbox.spawn(git).wait().succeeds();
    fs::remove_dir_all(sandbox.home()).unwrap();
    let mut git = sandbox.program("git");
    git.args(["clone", "-q"]).arg(&origin).arg(sandbox.home());
    sandbox.spawn(git).wait().succeeds();
}

fn ran(sandbox: &Sandbox) -> bool {
    sandbox.home().join("plugins/theirs/ran").exists()
}

fn mark(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".git/atk/trusted")
}

#[test]
fn looking_at_a_clone_runs_nothing() {
    let sandbox = clone();
    for command in [
        &["list"][..],
        &["status"],
        &["status", "theirs"],
        &["mcp", "theirs"],
    ] {
        let _ = sandbox.atk(command);
        // A script's input is not read for an answer.
        let _ = sandbox.atk_with_input(command, "y\n");
    }
    let status = sandbox.atk(&["status"]).succeeds();
    assert!(status.stdout.contains("unknown"), "{}", status.stdout);
    assert!(
        status.stderr.contains("not trusted on this machine"),
        "{}",
        status.stderr
    );
    let status = sandbox.atk(&["status", "--json"]).succeeds().json();
    assert_eq!(status["plugins"][0]["outcome"]["state"], "unknown");
    assert_eq!(
        status["plugins"][0]["outcome"]["unknown"],
        "home_not_trusted"
    );
    assert!(!ran(&sandbox) && !mark(&sandbox).exists());
}

#[test]
fn status_asks_on_a_terminal() {
    let sandbox = clone();
    let mut terminal = sandbox.terminal(&["status"]);
    terminal.wait_for("trust this home on this machine? [Y/n]");
    assert!(
        terminal.screen().contains("status: touch ran"),
        "{}",
        terminal.screen()
    );
    terminal.enter("n");
    terminal.wait().succeeds();
    assert!(!ran(&sandbox));
    let mut terminal = sandbox.terminal(&["status"]);
    terminal.wait_for("[Y/n]");
    terminal.enter("y");
    terminal.wait().succeeds();
    assert!(ran(&sandbox));
    let again = sandbox.terminal(&["status"]).wait().succeeds();
    assert!(!again.stdout.contains("[Y/n]"), "{}", again.stdout);
}

#[test]
fn an_explicit_command_of_a_script_shows_the_list_once_and_runs() {
    for command in [
        &["install", "--all"][..],
        &["start", "theirs"],
        &["stop", "--all"],
        &["restart", "theirs"],
        &["logs", "theirs"],
        &["run", "theirs", "go"],
        &["remove", "theirs", "--force"],
    ] {
        let sandbox = clone();
        let first = sandbox.atk(command).succeeds();
        for line in [
            "plugin `theirs` whose files are part of the home",
            "    start: touch ran",
        ] {
            assert!(
                first
                    .stderr
                    .lines()
                    .filter(|shown| shown.trim_start() == line.trim_start())
                    .count()
                    == 1,
                "{command:?}: {}",
                first.stderr
            );
        }
        assert!(command[0] == "remove" || ran(&sandbox), "{command:?}");
        assert!(mark(&sandbox).exists(), "{command:?}");
        let second = sandbox.atk(&["status"]).succeeds();
        assert!(!second.stderr.contains("trust"), "{}", second.stderr);
    }
}

#[test]
fn a_no_is_exit_10_and_changes_nothing() {
    for command in [
        &["install", "--all"][..],
        &["start", "theirs"],
        &["stop", "--all"],
        &["restart", "--all"],
        &["remove", "theirs", "--force"],
    ] {
        let sandbox = clone();
        let before = sandbox.snapshot();
        let refused = sandbox.atk_with_input(command, "n\n").fails(10);
        assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
        before.assert_unchanged();
        assert!(!ran(&sandbox) && !mark(&sandbox).exists(), "{command:?}");
    }
    let sandbox = clone();
    let mut terminal = sandbox.terminal(&["run", "theirs", "go"]);
    terminal.wait_for("[Y/n]");
    terminal.enter("n");
    terminal.wait().fails(10);
    assert!(!ran(&sandbox));
    let error = sandbox
        .atk_with_input(&["install", "theirs", "--json"], "no\n")
        .fails(10)
        .json();
    assert_eq!(error["error"]["code"], "trust_required");
    assert_eq!(error["error"]["details"]["prompt"], "trust:home");
}

#[test]
fn options_answer_beforehand() {
    for options in [&["-y"][..], &["--trust", "*"]] {
        let sandbox = clone();
        let command: Vec<&str> = ["status"].iter().chain(options).copied().collect();
        sandbox.atk(&command).succeeds();
        assert!(ran(&sandbox) && mark(&sandbox).exists(), "{options:?}");
    }
    let sandbox = clone();
    let origin = format!("file://{}", sandbox.path("origin.git").display());
    sandbox.git(&["remote", "set-url", "origin", &origin]);
    sandbox
        .atk(&["status", "--trust", "github.com/other/"])
        .succeeds();
    assert!(!ran(&sandbox));
    sandbox.atk(&["status", "--trust", &origin]).succeeds();
    assert!(ran(&sandbox));
}

#[test]
fn input_that_is_no_answer_does_not_stop_a_script() {
    let sandbox = clone();
    sandbox
        .atk_with_input(&["install", "theirs"], "the next plugin\n")
        .succeeds();
    assert!(ran(&sandbox));
}

#[test]
fn an_unknown_plugin_is_named_before_anything_is_asked() {
    let sandbox = clone();
    let unknown = sandbox.atk(&["start", "nope"]).fails(4);
    assert!(!unknown.stderr.contains("trust"), "{}", unknown.stderr);
    assert!(!mark(&sandbox).exists());
}

#[test]
fn a_home_made_here_and_one_that_another_tool_worked_in_are_trusted() {
    let sandbox = Sandbox::with_home();
    assert!(mark(&sandbox).exists(), "init");
    for trace in [
        ".update-cache.yaml",
        "plugins/theirs/.env",
        "plugins/theirs/.atk-ref",
    ] {
        let sandbox = clone();
        fs::write(sandbox.home().join(trace), "").unwrap();
        sandbox.atk(&["status"]).succeeds();
        assert!(ran(&sandbox), "{trace}");
    }
}

#[test]
fn traces_that_came_with_the_clone_prove_nothing() {
    for trace in [
        ".update-cache.yaml",
        "plugins/theirs/.env",
        "plugins/theirs/.atk-ref",
    ] {
        let sandbox = clone();
        fs::write(sandbox.home().join(trace), "").unwrap();
        sandbox.git(&["add", "-f", trace]);
        sandbox.git(&["commit", "-q", "-m", "forged"]);
        replace_by_clone_of(&sandbox);
        assert!(sandbox.home().join(trace).exists());
        sandbox.atk(&["status"]).succeeds();
        assert!(!ran(&sandbox), "{trace}");
        // Nor once only the index has forgotten it.
        sandbox.git(&["rm", "-q", "--cached", trace]);
        sandbox.atk(&["status"]).succeeds();
        assert!(!ran(&sandbox), "{trace}");
    }
}

fn replace_by_clone_of(sandbox: &Sandbox) {
    fs::remove_dir_all(sandbox.path("origin.git")).unwrap();
    replace_by_clone(sandbox);
}

#[test]
fn a_submodule_s_files_prove_nothing() {
    let sandbox = clone();
    let inner = atk_tests::repository::Repository::new(&sandbox.repos(), "inner");
    inner
        .tree("")
        .definition("Inner", COMMANDS)
        .file(".env", "")
        .file(".atk-ref", "");
    inner.commit("forged");
    let url = inner.file_url();
    sandbox.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "plugins/inner",
    ]);
    sandbox.git(&["commit", "-q", "-m", "forged"]);
    assert!(sandbox.home().join("plugins/inner/.env").exists());
    sandbox.atk(&["status"]).succeeds();
    assert!(!ran(&sandbox));
}

#[test]
fn a_tracked_mark_is_none() {
    // Where a worktree's scratch once was, and where a submodule could bring one.
    let sandbox = clone();
    for path in [
        ".atk/trusted",
        "atk/trusted",
        "plugins/theirs/.git-atk/trusted",
    ] {
        sandbox.files("home").file(path, "");
        sandbox.git(&["add", "-f", path]);
    }
    sandbox.git(&["commit", "-q", "-m", "forged"]);
    sandbox.git(&["worktree", "add", "-q", "../tree", "-b", "other"]);
    let tree = sandbox.path("tree");
    let tree = tree.to_str().unwrap();
    sandbox.atk(&["status", "--home", tree]).succeeds();
    assert!(!sandbox.path("tree/plugins/theirs/ran").exists());
    // The word for one work tree is none for another.
    sandbox.atk(&["install", "--all"]).succeeds();
    sandbox.atk(&["status", "--home", tree]).succeeds();
    assert!(!sandbox.path("tree/plugins/theirs/ran").exists());
    sandbox
        .atk(&["install", "--all", "--home", tree])
        .succeeds();
    assert!(
        sandbox
            .path("home/.git/worktrees/tree/atk/trusted")
            .exists()
    );
    assert!(sandbox.path("tree/plugins/theirs/ran").exists());
}

#[test]
fn setup_makes_no_home_trusted() {
    let sandbox = clone();
    sandbox.files("home/plugins/theirs").definition(
        "Theirs",
        &format!("{COMMANDS}env_vars: [{{name: TOKEN}}]\n"),
    );
    sandbox
        .atk(&["setup", "--all", "--env", "TOKEN=x"])
        .succeeds();
    assert!(sandbox.home().join("plugins/theirs/.env").exists());
    sandbox.atk(&["status"]).succeeds();
    assert!(!ran(&sandbox) && !mark(&sandbox).exists());
}

#[test]
fn adding_a_plugin_makes_the_home_one_s_own_and_shows_what_it_has() {
    let sandbox = clone();
    sandbox.files("work/mine").definition("Mine", "");
    let added = sandbox.atk(&["add", "./mine"]).succeeds();
    assert!(
        added.stderr.contains("start: touch ran"),
        "{}",
        added.stderr
    );
    assert!(mark(&sandbox).exists());
}

#[test]
fn the_question_shows_defaults_that_change_what_runs() {
    let mut sandbox = Sandbox::with_home();
    sandbox.set("TERM", "dumb");
    let tool = atk_tests::repository::Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition(
            "Tool",
            "env_vars: [{name: PATH, default: './bin:/bin'}, {name: NODE_OPTIONS, default: -r ./x},\n\
             \x20 {name: GIT_SSH_COMMAND, default: \"e\\e[2Jvil\"}, {name: PYTHONPATH},\n\
             \x20 {name: TOOL, default: curl}, {name: MODE, default: fast}]\n\
             lifecycle: {install: '${TOOL:-true} x', uninstall: touch ran}\n",
        )
    });
    let server = atk_tests::server::GitServer::start(sandbox.repos());
    let url = server.url("tool");
    let mut terminal = sandbox.terminal(&["add", &url]);
    terminal.wait_for("[y/N]");
    let screen = terminal.screen();
    let expected = [
        "with PATH=./bin:/bin",
        "with NODE_OPTIONS=-r ./x",
        r"with GIT_SSH_COMMAND=e\u{1b}[2Jvil",
        "with TOOL=curl",
    ];
    for shown in expected {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    for hidden in ["PYTHONPATH", "MODE"] {
        assert!(!screen.contains(hidden), "{hidden}: {screen}");
    }
    terminal.enter("n");
    terminal.wait().succeeds();
    // So does that about a home, if it has such a plugin.
    let manifest = format!(
        "schema_version: '2026-02-06'\nplugins:\n- name: Tool\n  directory: tool\n  source:\n    type: git\n    ref: {}\n    url: {url}\n",
        tool.head()
    );
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-qam", "A stranger's"]);
    replace_by_clone(&sandbox);
    let asked = sandbox.atk(&["install", "--all"]);
    for shown in expected {
        assert!(asked.stderr.contains(shown), "{shown}: {}", asked.stderr);
    }
}
