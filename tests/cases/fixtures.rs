//! The fixtures themselves: a test that stands on them must be able to fail.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use atk_tests::repository::{Registry, Repository, Scale, registry_of};
use atk_tests::sandbox::{Sandbox, Snapshot};
use atk_tests::server::GitServer;
use tempfile::TempDir;

#[test]
fn a_registry_commits_its_plugins_and_index() {
    let root = TempDir::new().unwrap();
    let mut registry = Registry::new(root.path(), "registry");
    registry.plugin("echo", |files| {
        files
            .definition("Echo", "maturity: verified\n")
            .exec("install.sh", "true\n")
            .link("latest", "install.sh")
    });
    registry.plugin("other", |files| files.definition("Other", ""));
    let first = registry.commit("Add two");
    registry.remove("other").rename("echo", "loud");
    let second = registry.commit("Change");

    let tree =
        |commit: &str| registry.git(&["ls-tree", "-r", "--format=%(objectmode) %(path)", commit]);
    assert_eq!(
        tree(&first),
        "100644 index.yaml\n\
         100755 plugins/echo/install.sh\n\
         120000 plugins/echo/latest\n\
         100644 plugins/echo/plugin.yaml\n\
         100644 plugins/other/plugin.yaml"
    );
    assert_eq!(
        tree(&second),
        "100644 index.yaml\n\
         100755 plugins/loud/install.sh\n\
         120000 plugins/loud/latest\n\
         100644 plugins/loud/plugin.yaml"
    );
    assert_eq!(
        registry.git(&["show", "HEAD:index.yaml"]),
        "schema_version: '2026-01-23'\nplugins:\n- name: \"loud\"\n  path: \"plugins/loud\"\n  \
         description: \"The plugin echo\""
    );
}

#[test]
fn the_same_contents_have_the_same_commits() {
    let commit = || {
        let root = TempDir::new().unwrap();
        Repository::tool(root.path(), "tool", |files| files.definition("Tool", "")).head()
    };
    assert_eq!(commit(), commit());
}

#[test]
fn large_registries_are_kept_and_served() {
    let scale = Scale {
        plugins: 30,
        commits: 40,
    };
    let (root, name) = registry_of(scale);
    assert_eq!(registry_of(scale), (root.clone(), name.clone()));
    let server = GitServer::start(root);
    let dir = TempDir::new().unwrap();
    let status = Command::new("git")
        .args(["clone", "-q", &server.url(&name), "clone"])
        .current_dir(dir.path())
        .status()
        .unwrap();
    assert!(status.success());
    let clone = dir.path().join("clone");
    assert_eq!(fs::read_dir(clone.join("plugins")).unwrap().count(), 30);
    assert!(clone.join("plugins/plugin-00029/skill/SKILL.md").exists());
    let log = Command::new("git")
        .args(["rev-list", "--count", "HEAD"])
        .current_dir(&clone)
        .output();
    assert_eq!(String::from_utf8_lossy(&log.unwrap().stdout), "40\n");
}

#[test]
fn a_snapshot_sees_every_change() {
    let dir = TempDir::new().unwrap();
    let path = |name: &str| dir.path().join(name);
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=T", "-c", "user.email=t@t"])
            .args(args);
        assert!(git.current_dir(dir.path()).status().unwrap().success());
    };
    git(&["init", "-q"]);
    fs::create_dir_all(path("a")).unwrap();
    fs::write(path("a/file"), "one").unwrap();
    std::os::unix::fs::symlink("a", path("link")).unwrap();
    let mut before = Snapshot::of(dir.path());
    before.assert_unchanged();
    let mut changes = |what: &str, expected: &[&str]| {
        let now = Snapshot::of(dir.path());
        let difference = before.difference(&now);
        for part in expected {
            assert!(difference.contains(part), "{what}: {difference}");
        }
        assert_ne!(difference, "", "{what}");
        before = now;
    };
    fs::write(path("a/file"), "two").unwrap();
    changes(
        "content",
        &[
            "- a/file 0644 3 bytes \"one\"",
            "+ a/file 0644 3 bytes \"two\"",
        ],
    );
    fs::set_permissions(path("a/file"), fs::Permissions::from_mode(0o600)).unwrap();
    changes("mode", &["+ a/file 0600"]);
    fs::remove_file(path("link")).unwrap();
    changes("link", &["- link -> a"]);
    fs::create_dir(path("empty")).unwrap();
    changes("directory", &["+ empty 0755 directory"]);
    git(&["add", "."]);
    changes("index", &["+ .git/(index)", "a/file"]);
    git(&["commit", "-qm", "x"]);
    changes("commit", &["+ .git/(refs)", "refs/heads/"]);
    fs::create_dir_all(path(".git/atk/staging/x")).unwrap();
    changes("scratch", &["+ .git/atk/staging"]);
    git(&["config", "a.b", "c"]);
    changes("configuration", &["+ .git/config"]);
}

#[test]
fn a_sandbox_shares_nothing_with_the_machine() {
    let mut sandbox = Sandbox::new();
    sandbox.set("SEEN", "yes");
    let env = sandbox.spawn(sandbox.program("env")).wait().succeeds();
    let names: Vec<_> = env
        .stdout
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .collect();
    let mut names: Vec<_> = names;
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "ATK_CACHE_DIR",
            "ATK_HOME",
            "ATK_REGISTRY_URL",
            "GIT_CONFIG_NOSYSTEM",
            "HOME",
            "LC_ALL",
            "PATH",
            "SEEN",
            "TERM",
            "TMPDIR",
        ]
    );
    assert!(!sandbox.home().exists());
}

#[test]
fn programs_get_their_input_and_show_their_end() {
    let sandbox = Sandbox::new();
    let script = "read a; read b; echo \"$b $a\"; echo aside >&2; exit 3";
    let mut shell = sandbox.program("sh");
    shell.args(["-c", script]);
    let finished = sandbox.run_with_input(shell, "one\ntwo\n").fails(3);
    assert_eq!(
        (finished.stdout.as_str(), finished.stderr.as_str()),
        ("two one\n", "aside\n")
    );

    let mut shell = sandbox.program("sh");
    shell.args(["-c", "echo ready >&2; exec sleep 60"]);
    let mut running = sandbox.spawn(shell);
    running.wait_for("ready");
    running.interrupt();
    running.wait().fails(130);
}

#[test]
fn a_terminal_is_one_to_its_program() {
    let sandbox = Sandbox::new();
    let script =
        "test -t 0 && test -t 1 && test -t 2 && read -r line && echo \"<$line>\" && sleep 60";
    let mut shell = sandbox.program("sh");
    shell.args(["-c", script]);
    let mut terminal = sandbox.terminal_of(shell);
    terminal.enter("typed");
    terminal.wait_for("<typed>\r\n");
    if cfg!(target_os = "linux") {
        terminal.press("\x03");
        terminal.wait().fails(130);
    }
}

#[test]
fn the_demonstration_server_ends_with_its_input() {
    let sandbox = Sandbox::new();
    let mut server = sandbox.program(env!("CARGO_BIN_EXE_atk-git-server"));
    server.arg(sandbox.repos());
    let finished = sandbox.spawn(server).wait().succeeds();
    assert!(
        finished.stdout.starts_with("http://127.0.0.1:"),
        "{}",
        finished.stdout
    );
    let mut server = sandbox.program(env!("CARGO_BIN_EXE_atk-git-server"));
    server.arg("--bogus");
    sandbox.spawn(server).wait().fails(2);
}
