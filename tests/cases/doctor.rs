//! Each condition that `doctor` knows, made for real: it is recognised, and `--fix` fixes what it may and
//! nothing else.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use atk_tests::sandbox::{Sandbox, Snapshot};
use rustix::process::Signal;
use serde_json::Value;

/// The results of a check, as `<state>: <message>`.
fn results(sandbox: &Sandbox, id: &str) -> Vec<String> {
    let ended = sandbox.atk(&["doctor", "--json"]);
    assert!([0, 1].contains(&ended.code), "{ended:?}");
    of(&ended.json(), id)
}

fn of(diagnosis: &Value, id: &str) -> Vec<String> {
    let checks = diagnosis["checks"].as_array().unwrap().iter();
    let checks = checks.filter(|check| check["id"] == id);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    checks
        .map(|check| format!("{}: {}", text(&check["state"]), text(&check["message"])))
        .collect()
}

/// The only result of a check.
fn result(sandbox: &Sandbox, id: &str) -> String {
    let mut results = results(sandbox, id);
    assert_eq!(results.len(), 1, "{results:?}");
    results.remove(0)
}

fn assert_found(sandbox: &Sandbox, id: &str, expected: &str) {
    let found = results(sandbox, id);
    let is_found = found.iter().any(|found| found.contains(expected));
    assert!(is_found, "`{expected}` is not in {found:?}");
}

/// Adds a local plugin `tool`.
fn add_tool(sandbox: &Sandbox, name: &str, more: &str) {
    let directory = format!("work/{name}");
    sandbox.files(&directory).definition(name, more);
    sandbox.atk(&["add", "-y", &format!("./{name}")]).succeeds();
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn nothing_is_wrong_with_a_new_home_and_looking_changes_nothing() {
    let sandbox = Sandbox::with_home();
    add_tool(
        &sandbox,
        "tool",
        "env_vars: [{name: A}]\nmcp: {transport: stdio, command: sh}\n",
    );
    sandbox.atk(&["setup", "tool", "--env", "A=1"]).succeeds();
    let before = Snapshot::of(&sandbox.path("."));
    let ended = sandbox.atk(&["doctor", "--json"]).succeeds();
    before.assert_unchanged();
    let diagnosis = ended.json();
    let checks = diagnosis["checks"].as_array().unwrap();
    let bad: Vec<_> = checks
        .iter()
        .filter(|check| check["state"] != "ok")
        .collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert!(checks.len() >= 20, "{}", checks.len());
    assert!(of(&diagnosis, "git")[0].starts_with("ok: git version "));
    let fixed = sandbox.atk(&["doctor", "--fix"]).succeeds();
    assert!(
        fixed.stdout.ends_with("0 problems, 0 warnings\n"),
        "{}",
        fixed.stdout
    );
    assert_eq!(sandbox.log().len(), 2);
}

#[test]
fn a_directory_that_is_not_a_home_is_a_problem() {
    let sandbox = Sandbox::new();
    let ended = sandbox.atk(&["doctor", "--json"]).fails(1);
    let found = of(&ended.json(), "home");
    assert!(found[0].starts_with("problem: "), "{found:?}");
    sandbox.atk(&["doctor"]).fails(1);
}

#[test]
fn missing_programs_are_named_if_something_needs_them() {
    let mut sandbox = Sandbox::with_home();
    add_tool(&sandbox, "web", "service: {type: docker-compose}\n");
    sandbox.set("PATH", sandbox.path("user/bin"));
    fs::create_dir_all(sandbox.path("user/bin")).unwrap();
    let found = ["git", "docker", "compose"].map(|id| result(&sandbox, id));
    assert!(
        found[0].starts_with("problem: `git` was not found"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("warning: `docker` was not found"),
        "{found:?}"
    );
    assert!(found[1].ends_with("and `web` needs it"), "{found:?}");
    assert!(
        found[2].starts_with("warning: `docker compose` does not work"),
        "{found:?}"
    );
    assert_eq!(
        result(&sandbox, "ssh"),
        "ok: not installed, and no plugin needs it"
    );
    let files = sandbox.files("user");
    files
        .exec(
            "bin/docker",
            "#!/bin/sh\n[ $1 = compose ] && echo Compose v2.1 || echo Docker 99\n",
        )
        .exec("bin/ssh", "#!/bin/sh\necho OpenSSH_9 >&2\n");
    assert_eq!(result(&sandbox, "docker"), "ok: Docker 99");
    assert_eq!(result(&sandbox, "compose"), "ok: Compose v2.1");
    assert_eq!(result(&sandbox, "ssh"), "ok: OpenSSH_9");
}

#[test]
fn the_state_of_the_repository_is_explained() {
    let sandbox = Sandbox::with_home();
    assert_eq!(result(&sandbox, "remote"), "ok: the home has no remote");
    let bare = sandbox.path("bare.git");
    sandbox.git(&["init", "-q", "--bare", bare.to_str().unwrap()]);
    sandbox.git(&["remote", "add", "origin", bare.to_str().unwrap()]);
    sandbox.git(&["push", "-qu", "origin", "HEAD"]);
    assert!(result(&sandbox, "remote").starts_with("ok: the same as"));
    let commit = |text: &str| sandbox.git(&["commit", "-q", "--allow-empty", "-m", text]);
    commit("mine");
    assert_found(
        &sandbox,
        "remote",
        "warning: commits that are not pushed to",
    );
    sandbox.git(&["push", "-q"]);
    sandbox.git(&["reset", "-q", "--hard", "HEAD~1"]);
    assert_found(&sandbox, "remote", "warning: commits of `");
    commit("other");
    assert_found(
        &sandbox,
        "remote",
        "have diverged: 1 commits are not pushed, 1 are not here",
    );

    sandbox.git(&["checkout", "-q", "--detach"]);
    assert_found(&sandbox, "branch", "warning: HEAD is detached");
    fs::write(sandbox.home().join(".git/MERGE_HEAD"), "x").unwrap();
    assert_found(
        &sandbox,
        "in_progress",
        "problem: the home is in the middle of a merge",
    );
    fs::remove_file(sandbox.home().join(".git/MERGE_HEAD")).unwrap();

    let lock = sandbox.home().join(".git/index.lock");
    let file = fs::File::create(&lock).unwrap();
    assert_eq!(result(&sandbox, "locks"), "ok: no lock of git's is left");
    file.set_modified(SystemTime::now() - Duration::from_secs(60))
        .unwrap();
    assert_found(
        &sandbox,
        "locks",
        "is left, by a git that was killed perhaps",
    );
    sandbox.atk(&["doctor", "--fix"]).fails(1);
    assert!(lock.exists(), "git may be at work");
}

#[test]
fn both_sides_of_a_conflict_in_the_manifest_are_shown() {
    let sandbox = Sandbox::with_home();
    let manifest = sandbox.read("manifest.yaml");
    let entry = |name: &str| {
        format!(
            "- {{name: {name}, directory: {name}, source: {{type: local, ref: null, url: null}}}}\n"
        )
    };
    let merged = manifest.replace(
        "plugins: []\n",
        &format!(
            "plugins:\n<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n",
            entry("one"),
            entry("two")
        ),
    );
    fs::write(sandbox.home().join("manifest.yaml"), merged).unwrap();
    let found = result(&sandbox, "manifest");
    assert!(
        found.starts_with("problem: `manifest.yaml` has conflict markers"),
        "{found}"
    );
    assert!(
        found.ends_with("in line 6: `HEAD` has one; `theirs` has two"),
        "{found}"
    );
    fs::write(sandbox.home().join("manifest.yaml"), "plugins: [").unwrap();
    assert_found(&sandbox, "manifest", "problem: ");
}

#[test]
fn what_may_refuse_a_commit_is_found() {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("home/.git/hooks")
        .exec("pre-commit", "#!/bin/sh\nexit 1\n");
    assert_found(&sandbox, "hooks", "warning: hooks run at each commit");
    sandbox.git(&["config", "commit.gpgsign", "true"]);
    sandbox.git(&["config", "gpg.program", "no-such-gpg"]);
    assert_found(
        &sandbox,
        "signing",
        "problem: `commit.gpgsign` asks for signed commits, and `no-such-gpg`",
    );
    sandbox.git(&["config", "gpg.format", "ssh"]);
    sandbox.git(&["config", "gpg.ssh.program", "sh"]);
    assert_found(&sandbox, "signing", "and `user.signingkey` is not set");
    sandbox.git(&["config", "user.signingkey", "key"]);
    assert_eq!(
        result(&sandbox, "signing"),
        "ok: commits are signed by `sh`"
    );
}

#[test]
fn patterns_of_the_users_own_that_hide_files_are_found() {
    let sandbox = Sandbox::with_home();
    add_tool(&sandbox, "tool", "");
    assert_eq!(
        result(&sandbox, "ignored"),
        "ok: no pattern of yours hides files of the home"
    );
    sandbox.files("home/.git/info").file("exclude", "*.yaml\n");
    assert_found(
        &sandbox,
        "ignored",
        "warning: the pattern `*.yaml` in `.git/info/exclude` hides `manifest.yaml`",
    );
    fs::write(sandbox.home().join(".git/info/exclude"), "").unwrap();
    let global = sandbox.path("global-ignore");
    fs::write(&global, "atk.yaml\n").unwrap();
    sandbox.git(&["config", "core.excludesFile", global.to_str().unwrap()]);
    let found = result(&sandbox, "ignored");
    assert!(found.contains("global-ignore` hides `atk.yaml`"), "{found}");
}

#[test]
fn what_the_file_system_lacks_is_found() {
    let sandbox = Sandbox::with_home();
    for (name, value, expected) in [
        ("core.filemode", "false", "keeps no executable bits"),
        ("core.symlinks", "false", "has no symbolic links"),
        (
            "core.ignorecase",
            "true",
            "does not distinguish upper and lower case",
        ),
    ] {
        sandbox.git(&["config", name, value]);
        assert_found(&sandbox, "file_system", expected);
    }
}

/// Git refuses a repository of another user.
#[test]
fn a_home_of_another_user_is_found() {
    let sandbox = Sandbox::with_home();
    let home = sandbox.home();
    let mut chown = Command::new("chown");
    let chowned = chown.args(["-R", "12345"]).arg(&home).output().unwrap();
    if !chowned.status.success() {
        // Only root can give a home away.
        assert_ne!(rustix::process::geteuid().as_raw(), 0);
        return;
    }
    assert_found(
        &sandbox,
        "safe_directory",
        "problem: git refuses to work in",
    );
}

/// The secret is in git, the patterns are in the wrong order, and everyone may read the file.
#[test]
fn secrets_that_are_at_risk_are_found_and_fixed() {
    let sandbox = Sandbox::with_home();
    add_tool(&sandbox, "tool", "env_vars: [{name: A, secret: true}]\n");
    sandbox
        .atk(&["setup", "tool", "--env", "A=s3cret"])
        .succeeds();
    let secrets = "*.env\n.env.*\n";
    let gitignore = sandbox.read(".gitignore").replace(secrets, "");
    fs::write(
        sandbox.home().join(".gitignore"),
        format!("{secrets}{gitignore}"),
    )
    .unwrap();
    let env = sandbox.home().join("plugins/tool/.env");
    set_mode(&env, 0o644);
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "An older home"]);
    sandbox.files("home/plugins/tool").file("draft", "mine\n");
    let before = Snapshot::of(&sandbox.path("."));
    let ended = sandbox.atk(&["doctor", "--json"]).fails(1).json();
    before.assert_unchanged();
    assert!(of(&ended, "gitignore")[0].starts_with("problem: the patterns of secrets"));
    assert_eq!(
        of(&ended, "secrets"),
        ["problem: git has `plugins/tool/.env`, which may hold secrets"]
    );
    assert_eq!(
        of(&ended, "env_files"),
        ["warning: others may read `plugins/tool/.env` (mode 0644)"]
    );
    let shown = sandbox.atk(&["doctor"]).fails(1).stdout;
    assert!(
        shown.contains("2 problems, 1 warning\n`atk doctor --fix` fixes some of this\n"),
        "{shown}"
    );

    let fixed = sandbox
        .atk(&["doctor", "--fix", "--json", "--json-events"])
        .succeeds();
    for said in [
        "moving the patterns of secrets",
        "`plugins/tool/.env` is no longer tracked by git",
        "can be read by you alone",
    ] {
        assert!(fixed.stderr.contains(said), "{}", fixed.stderr);
    }
    let fixed = fixed.json();
    let checks = fixed["checks"].as_array().unwrap().iter();
    let done: Vec<_> = checks.filter(|check| check["fixed"] == true).collect();
    assert_eq!(done.len(), 3, "{done:?}");
    assert!(fixed["commit"].is_string());
    assert_eq!(sandbox.read("plugins/tool/.env"), "A=s3cret\n");
    assert_eq!(
        fs::metadata(&env).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(sandbox.git(&["ls-files", "plugins/tool/.env"]), "");
    assert_eq!(sandbox.log()[0], "atk doctor: keep secrets out of git");
    // What else is not committed stays so.
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]).trim(),
        "?? plugins/tool/draft"
    );
    sandbox.atk(&["doctor"]).succeeds();
    let again = sandbox
        .atk(&["doctor", "--fix", "--json"])
        .succeeds()
        .json();
    assert!(again["commit"].is_null());
}

#[test]
fn an_interrupted_operation_is_found_and_completed_or_undone_by_fix() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/more").definition(
        "More",
        "lifecycle: {install: 'touch started; sleep 60', uninstall: 'true'}\n",
    );
    let running = sandbox.start(&["add", "-y", "./more"]);
    let started = sandbox.home().join("plugins/more/started");
    let since = std::time::Instant::now();
    while !started.exists() {
        assert!(since.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(20));
    }
    running.signal(Signal::KILL);
    assert_ne!(running.wait().code, 0);
    // Its watchdog still ends the command.
    while !result(&sandbox, "interrupted").starts_with("problem") {
        assert!(since.elapsed() < Duration::from_secs(60));
    }
    let before = Snapshot::of(&sandbox.home());
    assert_found(&sandbox, "interrupted", "problem: `add` was interrupted");
    before.assert_unchanged();
    let fixed = sandbox.atk(&["doctor", "--fix"]).succeeds();
    assert!(
        fixed.stderr.contains("completing or undoing"),
        "{}",
        fixed.stderr
    );
    assert_eq!(
        result(&sandbox, "interrupted"),
        "ok: no operation was interrupted"
    );
}

#[test]
fn plugins_that_cannot_work_are_found() {
    let sandbox = Sandbox::with_home();
    add_tool(&sandbox, "one", "ports: [{port: 8080}]\n");
    add_tool(&sandbox, "two", "ports: [{port: 8080}, {port: 9}]\n");
    assert_eq!(
        results(&sandbox, "ports"),
        ["warning: port 8080 is declared by several plugins: one, two"]
    );
    add_tool(
        &sandbox,
        "three",
        "lifecycle: {install: 'true', uninstall: no-such-program --x, start: ./gone.sh}\nmcp: {transport: stdio, command: no-such-server}\n",
    );
    let found = results(&sandbox, "commands");
    assert_eq!(
        found,
        [
            "warning: the command `uninstall` of `three` starts with `no-such-program`, which is not on the `PATH`",
            "warning: the command `start` of `three` starts with `./gone.sh`, which does not exist",
            "warning: the MCP server of `three` starts with `no-such-server`, which is not on the `PATH`",
        ]
    );
    fs::remove_dir_all(sandbox.home().join("plugins/one")).unwrap();
    sandbox
        .files("home/plugins/two")
        .file("plugin.yaml", "name: 5\n");
    sandbox.files("home/plugins/four").definition("four", "");
    assert_found(
        &sandbox,
        "plugins",
        "problem: the files of `one` are missing",
    );
    assert_found(&sandbox, "plugins", "problem: `two`: ");
    assert_found(
        &sandbox,
        "plugins",
        "warning: `plugins/four` is not in the manifest",
    );
}

#[test]
fn what_agents_have_is_compared() {
    let sandbox = Sandbox::with_home();
    add_tool(&sandbox, "tool", "mcp: {transport: stdio, command: sh}\n");
    sandbox
        .atk(&["plug", "tool", "--to", "cursor,codex"])
        .succeeds();
    assert_eq!(
        result(&sandbox, "agents"),
        "ok: what is plugged in is as ATK wrote it: 2"
    );
    let cursor = sandbox.path("user/.cursor/mcp.json");
    let text = fs::read_to_string(&cursor).unwrap();
    fs::write(&cursor, text.replace("\"exec\"", "\"mine\"")).unwrap();
    assert_found(&sandbox, "agents", "was edited after ATK wrote it");
    fs::write(&cursor, "{}").unwrap();
    assert_found(&sandbox, "agents", "was removed by someone else");
    let binary = atk_tests::sandbox::atk_binary().display().to_string();
    fs::write(&cursor, text.replace(&binary, "/gone/atk")).unwrap();
    assert_found(&sandbox, "agents", "problem: the entry of `tool` in `");
    assert_found(
        &sandbox,
        "agents",
        "starts `/gone/atk`, which does not exist",
    );
    let before = fs::read(&cursor).unwrap();
    sandbox.atk(&["doctor", "--fix"]).fails(1);
    assert_eq!(fs::read(&cursor).unwrap(), before, "entries are the user's");

    assert_eq!(
        result(&sandbox, "python_tool"),
        "ok: the Python tool is not used in this home"
    );
    sandbox
        .files("home")
        .file(".update-cache.yaml", "latest_version: 0.4.0\n");
    assert_found(
        &sandbox,
        "python_tool",
        "does not know: what is plugged into agents",
    );
}
