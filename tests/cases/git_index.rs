//! The index of the home's repository: one that git cannot read, and one that another git process
//! holds.

use std::fs;
use std::process::{Command, Stdio};

use atk_tests::patience::wait_until;
use atk_tests::sandbox::Sandbox;

fn with_tool(name: &str) -> Sandbox {
    let sandbox = Sandbox::with_home();
    for tool in [name, "later"] {
        let files = sandbox.files(&format!("work/{tool}"));
        files.definition(tool, "").file("notes", "mine\n");
    }
    sandbox.atk(&["add", &format!("./{name}"), "-y"]).succeeds();
    sandbox
}

#[test]
fn an_index_that_git_cannot_read_is_made_anew_from_the_last_commit() {
    for broken in [&b""[..], b"DIRC", &[0; 200]] {
        let sandbox = with_tool("tool");
        fs::write(sandbox.home().join(".git/index"), broken).unwrap();
        let added = sandbox.atk(&["add", "./later", "-y"]).succeeds();
        assert!(
            added.stderr.contains("made anew from the last commit"),
            "{}",
            added.stderr
        );
        assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
        assert_eq!(
            sandbox
                .git(&["show", "--name-only", "--format=", "HEAD"])
                .trim(),
            ".gitignore\nmanifest.yaml\nplugins/later/notes\nplugins/later/plugin.yaml"
        );
    }
}

#[test]
fn an_index_that_git_cannot_read_stops_no_removal_in_a_home_that_does_not_commit() {
    let sandbox = with_tool("tool");
    let manifest = sandbox.read("manifest.yaml");
    let manifest = manifest.replace("auto_commit: true", "auto_commit: false");
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    fs::write(sandbox.home().join(".git/index"), "").unwrap();
    sandbox.atk(&["remove", "tool", "--force"]).succeeds();
    assert!(!sandbox.home().join("plugins/tool").exists());
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        " M .gitignore\n M manifest.yaml\n D plugins/tool/notes\n D plugins/tool/plugin.yaml"
    );
}

#[test]
fn an_index_that_is_broken_before_the_first_commit_is_made_anew_as_an_empty_one() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/tool").definition("Tool", "");
    // As after `git init`: no commit is on the branch.
    sandbox.git(&["update-ref", "-d", "HEAD"]);
    fs::write(sandbox.home().join(".git/index"), "x").unwrap();
    sandbox.atk(&["add", "./tool", "-y"]).succeeds();
    let tracked = sandbox.git(&["ls-files", "plugins"]);
    assert_eq!(tracked, "plugins/tool/plugin.yaml");
}

#[test]
fn while_the_user_edits_a_commit_message_an_interrupted_commit_is_kept_and_completed_later() {
    let sandbox = with_tool("tool");
    // 1. ATK is killed when the branch has moved and the index has not.
    let step = |stop: &str| {
        let mut command: Command = sandbox.program(env!("CARGO_BIN_EXE_atk-step"));
        command.arg(sandbox.home()).arg(sandbox.path("cache"));
        command.args([stop, "add", "./later"]);
        command.stdin(Stdio::null());
        command
    };
    let template = sandbox.path("template");
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let copied = Command::new("cp").arg("-a").args([from, to]).status();
        assert!(copied.unwrap().success());
    };
    copy(&sandbox.home(), &template);
    let all = step("0").output().unwrap();
    let all = String::from_utf8(all.stdout).unwrap();
    let index = all.lines().position(|line| line == "step index");
    let stop = (index.expect("a step before the index is published") + 1).to_string();
    fs::remove_dir_all(sandbox.home()).unwrap();
    copy(&template, &sandbox.home());
    let before = sandbox.git(&["rev-parse", "HEAD"]);
    let mut killed = step(&stop).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufReader::new(killed.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("stopped ") {
        line.clear();
        let read = std::io::BufRead::read_line(&mut lines, &mut line).unwrap();
        assert_ne!(read, 0, "it ended before step {stop}");
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let made = sandbox.git(&["rev-parse", "HEAD"]);
    assert_ne!(made, before, "the branch has moved");

    // 2. The user has an editor open in `git commit`, which holds the index.
    let _ = fs::remove_file(sandbox.home().join(".git/index.lock"));
    let mut git = sandbox.program("git");
    git.arg("-C").arg(sandbox.home());
    git.args(["commit", "--all", "--allow-empty"]);
    let waits = "touch $ATK_TEST_OPEN; while [ -e $ATK_TEST_OPEN ]; do sleep 0.05; done; false";
    let open = sandbox.path("editor-is-open");
    git.env("ATK_TEST_OPEN", &open);
    git.env("GIT_EDITOR", format!("sh -c '{waits}' #"));
    let git = sandbox.spawn(git);
    wait_until("git opens the editor", || open.exists());

    let lock = sandbox.home().join(".git/index.lock");
    assert!(lock.exists(), "git holds the index");
    // 3. Reading goes on and undoes nothing.
    let status = sandbox.atk(&["status"]).succeeds();
    assert!(status.stdout.contains("later"), "{status:?}");
    let warning = "the interrupted `add` of `later` cannot be completed now";
    assert!(status.stderr.contains(warning), "{status:?}");
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert_eq!(listed[1]["state"], "busy", "{listed}");
    assert_eq!(sandbox.git(&["rev-parse", "HEAD"]), made);

    // 4. After that, the next command completes the commit.
    fs::remove_file(&open).unwrap();
    git.wait().fails(1);
    let status = sandbox.atk(&["status"]).succeeds();
    let told = "completed the interrupted `add` of `later`";
    assert!(status.stderr.contains(told), "{status:?}");
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert_eq!(listed[1]["state"], "ready", "{listed}");
    assert_eq!(sandbox.git(&["rev-parse", "HEAD"]), made);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}
