//! `run` and `git`: programs of the user's, run where the plugin, or the home, lies.

use std::fs;
use std::os::unix::fs::symlink;

use atk_tests::sandbox::Sandbox;

/// A home with the local plugin `one`, which has a few scripts.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/one").definition("one", "");
    sandbox.atk(&["add", "./one"]).succeeds();
    sandbox
        .files("home/plugins/one")
        .exec("hello.sh", "#!/bin/sh\necho plugin \"$@\"; cat; exit 42\n")
        .exec("plain", "echo no interpreter $1\n")
        .file("data", "echo not executable $1\n")
        .exec("bin/deep", "#!/bin/sh\npwd\n")
        .file(".env", "WHO=me\n");
    sandbox
}

fn stdout(sandbox: &Sandbox, args: &[&str]) -> String {
    sandbox.atk(args).succeeds().stdout
}

#[test]
fn a_script_has_our_streams_its_arguments_and_the_last_word_on_the_exit_status() {
    let sandbox = home();
    let run = sandbox.atk_with_input(&["run", "one", "hello", "--flag", "a b"], "input\n");
    assert_eq!(run.fails(42).stdout, "plugin --flag a b\ninput\n");
    assert_eq!(
        stdout(&sandbox, &["run", "one", "plain", "x"]),
        "no interpreter x\n"
    );
    let dir = sandbox.home().join("plugins/one");
    let deep = stdout(&sandbox, &["run", "one", "bin/deep"]);
    assert_eq!(deep, format!("{}\n", dir.display()));
    sandbox
        .files("home/plugins/one")
        .exec("killed", "kill -9 $$\n")
        .exec("custom/hello.sh", "#!/bin/sh\necho mine $WHO\n");
    assert_eq!(stdout(&sandbox, &["run", "one", "hello"]), "mine me\n");
    sandbox.atk(&["run", "one", "killed"]).fails(128 + 9);
    let ended = sandbox.atk(&["run", "--json", "one", "hello"]).succeeds();
    assert_eq!(
        ended.stdout,
        "{\"script\":\"custom/hello.sh\",\"exit_code\":0,\"warnings\":[]}\n"
    );
    assert_eq!(ended.stderr, "mine me\n");
}

#[test]
fn a_script_that_cannot_run_is_explained() {
    let sandbox = home();
    sandbox
        .files("home/plugins/one")
        .file("custom/mine.sh", "#!/bin/sh\n")
        .exec("mine.sh", "#!/bin/sh\necho hidden by the user's\n")
        .exec("windows.sh", "#!/bin/sh\r\necho x\r\n")
        .exec("nowhere.sh", "#!/no/such/interpreter\n");
    let dir = sandbox.home().join("plugins/one");
    for (script, file) in [("data", "data"), ("mine", "custom/mine.sh")] {
        let said = sandbox.atk(&["run", "one", script]).fails(5).stderr;
        let expected = format!(
            "error: `plugins/one/{file}` is not executable\nhelp: run `chmod +x {}`\n",
            dir.join(file).display()
        );
        assert_eq!(said, expected);
    }
    for (script, reason) in [
        ("windows", "Windows line ends"),
        (
            "nowhere",
            "its interpreter `/no/such/interpreter` was not found",
        ),
        ("bin", "`plugins/one/bin` is a directory, not a script"),
    ] {
        let said = sandbox.atk(&["run", "one", script]).fails(5).stderr;
        assert!(said.contains(reason), "{script}: {said}");
    }
}

#[test]
fn a_script_that_does_not_exist_is_answered_with_those_that_do() {
    let sandbox = home();
    sandbox
        .files("home/plugins/one")
        .file("custom/mine.sh", "#!/bin/sh\n")
        .exec("custom/hello.sh", "#!/bin/sh\n")
        .exec(".hidden", "");
    let said = |script: &str| sandbox.atk(&["run", "one", script]).fails(5).stderr;
    let help = "help: its scripts are `hello`, `mine`, `plain`\n";
    assert_eq!(
        said("helo"),
        format!("error: `one` has no script `helo`\n{help}")
    );
    assert_eq!(
        said("bin"),
        format!("error: `plugins/one/bin` is a directory, not a script\n{help}")
    );
    for n in 0..12 {
        sandbox
            .files("home/plugins/one")
            .exec(&format!("b{n:02}"), "");
    }
    assert!(said("x").ends_with("`b09`, 5 more\n"), "{}", said("x"));
    sandbox.files("work/bare").definition("bare", "");
    sandbox.atk(&["add", "./bare"]).succeeds();
    let said = sandbox.atk(&["run", "bare", "x"]).fails(5).stderr;
    assert_eq!(
        said,
        "error: `bare` has no script `x`\n\
         help: `plugins/bare` has no executable file, and `custom/` there has none\n"
    );
}

#[test]
fn options_behind_the_script_or_git_are_theirs() {
    let sandbox = home();
    let run = sandbox.atk(&["run", "one", "hello", "--json", "-y", "--help", "--"]);
    assert_eq!(run.fails(42).stdout, "plugin --json -y --help --\n");
    let version = stdout(&sandbox, &["git", "-v"]);
    assert!(version.starts_with("git version "), "{version}");
    assert_eq!(
        stdout(&sandbox, &["git", "log", "-1", "--format=%s"]),
        "Add plugin 'one'\n"
    );
    sandbox.atk(&["git", "rev-parse", "nothing"]).fails(128);
    let ended = sandbox.atk(&["--json", "git", "log", "-1", "--format=%s"]);
    let ended = ended.succeeds();
    let expected = "{\"script\":\"git\",\"exit_code\":0,\"warnings\":[]}\n";
    assert_eq!(ended.stdout, expected);
    assert_eq!(ended.stderr, "Add plugin 'one'\n");
}

#[test]
fn a_script_never_lies_outside_its_plugin() {
    let sandbox = home();
    sandbox
        .files("evil")
        .exec("evil.sh", "#!/bin/sh\ntouch ran\n");
    let outside = sandbox.path("evil/evil.sh");
    let outside = outside.to_str().unwrap();
    sandbox
        .files("home/plugins/one")
        .link("leaves.sh", outside)
        .link("dir", sandbox.path("evil").to_str().unwrap())
        .link("up", "..")
        .link("loop", "loop")
        .link("nowhere", "missing/file");
    for (script, kind) in [
        ("../../../evil/evil", "invalid_argument"),
        (outside, "invalid_argument"),
        ("", "invalid_argument"),
        (".", "invalid_argument"),
        ("a/../hello", "invalid_argument"),
        ("leaves", "content_refused"),
        ("dir/evil", "content_refused"),
        (
            "up/one/hello.sh/../../../../../evil/evil",
            "invalid_argument",
        ),
        ("missing", "not_declared"),
        ("nowhere", "not_declared"),
        ("bin", "not_declared"),
        ("plain/x", "not_declared"),
    ] {
        let ended = sandbox.atk(&["run", "--json", "one", script]);
        assert_ne!(ended.code, 0, "{script}");
        assert_eq!(ended.json()["error"]["code"], kind, "{script}");
    }
    assert_ne!(sandbox.atk(&["run", "one", "loop"]).code, 0);
    assert!(!sandbox.path("work/ran").exists());
    assert!(!sandbox.home().join("plugins/one/ran").exists());
}

#[test]
fn links_within_the_plugin_are_followed_and_a_script_sees_the_name_it_was_called_by() {
    let mut sandbox = home();
    sandbox
        .files("home/plugins/one")
        .exec("tools/real.sh", "#!/bin/sh\necho ${0##*/} $1\n")
        .link("alias", "tools/real.sh")
        .link("dir", "tools")
        .link("custom/mine.sh", "../tools/real.sh");
    assert_eq!(stdout(&sandbox, &["run", "one", "alias", "a"]), "alias a\n");
    assert_eq!(stdout(&sandbox, &["run", "one", "dir/real"]), "real.sh\n");
    assert_eq!(stdout(&sandbox, &["run", "one", "mine"]), "mine.sh\n");
    symlink(sandbox.home(), sandbox.path("linked")).unwrap();
    sandbox.set("ATK_HOME", sandbox.path("linked"));
    assert_eq!(stdout(&sandbox, &["run", "one", "dir/real"]), "real.sh\n");
}

#[test]
fn git_runs_in_the_home_whatever_the_environment_points_at() {
    let mut sandbox = home();
    let other = sandbox.path("work/other");
    let mut init = sandbox.program("git");
    init.args(["init", "--quiet"]).arg(&other);
    let _ = sandbox.spawn(init).wait().succeeds();
    sandbox.set("GIT_DIR", other.join(".git"));
    sandbox.set("GIT_WORK_TREE", &other);
    let top = stdout(&sandbox, &["git", "rev-parse", "--show-toplevel"]);
    let home = sandbox.home().canonicalize().unwrap();
    assert_eq!(top, format!("{}\n", home.display()));
    // What is broken in a home is often mended with git.
    fs::write(sandbox.home().join("manifest.yaml"), "<<<<<<< ours\n").unwrap();
    assert_eq!(
        stdout(&sandbox, &["git", "diff", "--name-only"]),
        "manifest.yaml\n"
    );
    sandbox.set("ATK_HOME", sandbox.path("nowhere"));
    sandbox.atk(&["git", "status"]).fails(3);
}
