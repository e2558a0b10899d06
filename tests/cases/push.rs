//! `auto_push`: where it went, or git's reason why it did not, in the outcome and for people.

use std::fs;

use atk_tests::patience::wait_until;
use atk_tests::sandbox::Sandbox;

/// A home that pushes by itself to `origin.git`, and a local plugin to be added.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_home();
    auto_push(&sandbox);
    bare(&sandbox, "origin.git");
    let origin = sandbox.path("origin.git");
    sandbox.git(&["remote", "add", "origin", origin.to_str().unwrap()]);
    sandbox.git(&["push", "-q", "-u", "origin", "main"]);
    for name in ["mine", "more"] {
        sandbox.files(&format!("work/{name}")).definition(name, "");
    }
    sandbox
}

fn auto_push(sandbox: &Sandbox) {
    let manifest = sandbox.read("manifest.yaml");
    let manifest = manifest.replace("auto_push: false", "auto_push: true");
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-q", "-a", "-m", "config"]);
}

fn bare(sandbox: &Sandbox, name: &str) {
    let mut git = sandbox.program("git");
    git.args(["init", "-q", "--bare"]).arg(sandbox.path(name));
    sandbox.spawn(git).wait().succeeds();
}

/// The newest subject at the remote.
fn at_remote(sandbox: &Sandbox) -> String {
    sandbox.git(&["fetch", "-q"]);
    sandbox.git(&["log", "-1", "--format=%s", "origin/main"])
}

/// Another clone pushes a commit first.
fn push_from_elsewhere(sandbox: &Sandbox) {
    let other = sandbox.path("other");
    for args in [
        &[
            "clone",
            "-q",
            sandbox.path("origin.git").to_str().unwrap(),
            other.to_str().unwrap(),
        ][..],
        &[
            "-C",
            other.to_str().unwrap(),
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "elsewhere",
        ],
        &["-C", other.to_str().unwrap(), "push", "-q"],
    ] {
        let mut git = sandbox.program("git");
        git.args(args);
        sandbox.spawn(git).wait().succeeds();
    }
}

#[test]
fn every_change_says_where_it_was_pushed() {
    let sandbox = home();
    let origin = sandbox.path("origin.git").display().to_string();
    let added = sandbox.atk(&["add", "./mine", "--json"]).succeeds().json();
    let expected = serde_json::json!({
        "remote": "origin", "url": origin, "branch": "main",
        "pushed": true, "reason": null, "help": null,
    });
    assert_eq!(added["push"], expected);
    assert_eq!(added["warnings"], serde_json::json!([]));
    assert_eq!(at_remote(&sandbox), "Add plugin 'mine'");
    let shown = sandbox.atk(&["add", "./more"]).succeeds().stderr;
    assert!(
        shown.contains(&format!("Pushed to origin/main ({origin})")),
        "{shown}"
    );
    let removed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .succeeds()
        .json();
    assert_eq!(removed["push"], expected);
    assert_eq!(at_remote(&sandbox), "Remove plugin 'mine'");
}

#[test]
fn a_home_that_does_not_push_says_nothing_of_it() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/mine").definition("Mine", "");
    let added = sandbox.atk(&["add", "./mine", "--json"]).succeeds().json();
    assert!(added["push"].is_null());
}

/// The text without curl's "after 3 ms", which differs from one push to the next.
fn without_times(text: &str) -> String {
    let mut parts = text.split("after ");
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    rest
}

/// Adds a plugin whose push fails; returns its reason and help, after looking at all that is said.
#[track_caller]
fn not_pushed(sandbox: &Sandbox) -> (String, String) {
    let added = sandbox.atk(&["add", "./mine", "--json"]).succeeds().json();
    let push = &added["push"];
    assert_eq!(push["pushed"], false, "{added}");
    let reason = push["reason"].as_str().unwrap().to_owned();
    let warnings = added["warnings"].to_string();
    assert!(warnings.contains("the home was not pushed"), "{warnings}");
    let shown = sandbox.atk(&["add", "./more"]).succeeds().stderr;
    let warning = shown
        .lines()
        .find(|line| line.contains("the home was not pushed"));
    assert!(
        warning.is_some_and(|line| without_times(line).contains(&without_times(&reason))),
        "{reason}: {shown}"
    );
    let help = push["help"].as_str().unwrap_or_default().to_owned();
    let told = help.replace("`git ", "`atk git ");
    assert!(shown.contains(&told), "{told}: {shown}");
    (reason, help)
}

#[test]
fn a_remote_that_has_moved_on_is_pulled_first() {
    let sandbox = home();
    push_from_elsewhere(&sandbox);
    let (reason, help) = not_pushed(&sandbox);
    assert_eq!(reason, "[rejected] main -> main (fetch first)");
    assert_eq!(help, "run `git pull --rebase`, then `git push`");
    sandbox.atk(&["git", "pull", "-q", "--rebase"]).succeeds();
    sandbox.atk(&["git", "push", "-q"]).succeeds();
    assert_eq!(at_remote(&sandbox), "Add plugin 'more'");
}

#[test]
fn a_hook_of_the_remote_is_quoted() {
    let sandbox = home();
    sandbox.files("origin.git").exec(
        "hooks/pre-receive",
        "#!/bin/sh\necho 'no pushes on Friday' >&2\nexit 1\n",
    );
    let (reason, _) = not_pushed(&sandbox);
    assert_eq!(
        reason,
        "[remote rejected] main -> main (pre-receive hook declined): no pushes on Friday"
    );
}

#[test]
fn a_branch_without_upstream_and_a_home_without_remote_are_told_apart() {
    let sandbox = home();
    sandbox.git(&["branch", "--unset-upstream"]);
    let (reason, help) = not_pushed(&sandbox);
    assert!(reason.contains("has no upstream branch"), "{reason}");
    assert_eq!(help, "run `git push -u origin main`");

    let sandbox = home();
    sandbox.git(&["remote", "remove", "origin"]);
    let (reason, help) = not_pushed(&sandbox);
    assert!(
        reason.contains("No configured push destination"),
        "{reason}"
    );
    assert!(help.contains("`git remote add origin <URL>`"), "{help}");
}

#[test]
fn credentials_are_in_no_word_about_a_push() {
    let sandbox = home();
    let url = "http://me:s3cret@127.0.0.1:9/home.git";
    sandbox.git(&["remote", "set-url", "origin", url]);
    let (reason, help) = not_pushed(&sandbox);
    assert!(!reason.contains("s3cret"), "{reason}");
    assert_eq!(help, "check your connection, then run `git push`");
    let removed = sandbox.atk(&["remove", "mine", "-y", "--json"]).succeeds();
    assert!(!removed.stdout.contains("s3cret"), "{}", removed.stdout);
    assert_eq!(
        removed.json()["push"]["url"],
        "http://***@127.0.0.1:9/home.git"
    );
}

#[test]
fn a_detached_head_is_warned_of_once_and_named_as_the_reason() {
    let sandbox = home();
    sandbox.git(&["checkout", "-q", "--detach"]);
    let added = sandbox.atk(&["add", "./mine", "--json"]).succeeds().json();
    let warnings = added["warnings"].as_array().unwrap();
    let detached = |warning: &&serde_json::Value| warning.to_string().contains("is detached");
    assert_eq!(warnings.iter().filter(detached).count(), 1, "{added}");
    assert!(added["push"]["branch"].is_null(), "{added}");
    assert!(
        added["push"]["reason"]
            .as_str()
            .unwrap()
            .contains("not currently on a branch")
    );
    let shown = sandbox.atk(&["remove", "mine", "-y"]).succeeds().stderr;
    assert_eq!(shown.matches("is detached").count(), 1, "{shown}");
}

#[test]
fn a_cloned_home_does_not_publish_what_is_added_to_it() {
    let sandbox = home();
    fs::remove_dir_all(sandbox.home()).unwrap();
    let mut git = sandbox.program("git");
    git.args(["clone", "-q"])
        .arg(sandbox.path("origin.git"))
        .arg(sandbox.home());
    sandbox.spawn(git).wait().succeeds();
    let before = at_remote(&sandbox);
    let (reason, _) = not_pushed(&sandbox);
    assert!(reason.contains("not trusted on this machine"), "{reason}");
    assert_eq!(at_remote(&sandbox), before);
    // A no to the question adds nothing.
    let unchanged = sandbox.snapshot();
    sandbox.files("work/third").definition("third", "");
    sandbox.atk_with_input(&["add", "./third"], "n\n").fails(10);
    unchanged.assert_unchanged();
    // A yes is a word about publishing too.
    let shown = sandbox
        .atk_with_input(&["add", "./third"], "y\n")
        .succeeds()
        .stderr;
    assert!(
        shown.contains("every change is pushed to `origin/main`"),
        "{shown}"
    );
    assert_eq!(at_remote(&sandbox), "Add plugin 'third'");
}

#[test]
fn an_operation_that_recovery_completes_is_said_to_be_unpushed() {
    let sandbox = home();
    let before = at_remote(&sandbox);
    // Killed in the commit hook: what is past its commit point is completed later.
    sandbox
        .files("home/.git")
        .exec("hooks/pre-commit", "#!/bin/sh\ntouch ../hooked\nsleep 5\n");
    let running = sandbox.start(&["add", "./mine"]);
    wait_until("the hook runs", || sandbox.path("hooked").exists());
    running.signal(rustix::process::Signal::KILL);
    let _ = running.wait();
    sandbox
        .files("home/.git")
        .exec("hooks/pre-commit", "#!/bin/sh\n");
    let added = sandbox.atk(&["add", "./more", "--json"]).succeeds().json();
    let warnings = added["warnings"].to_string();
    assert!(
        warnings.contains("interrupted operation was not pushed"),
        "{added}"
    );
    assert_ne!(at_remote(&sandbox), before);
    assert_eq!(at_remote(&sandbox), "Add plugin 'more'");
}

#[test]
fn the_locks_of_a_killed_push_are_removed_and_those_of_others_stay() {
    let sandbox = home();
    let git = sandbox.home().join(".git");
    let lock = |name: &str| git.join(format!("refs/remotes/origin/{name}.lock"));
    // What the user's own git left before, ATK's record of a push, and what the push left.
    fs::write(lock("old"), "").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    fs::create_dir_all(git.join("atk")).unwrap();
    fs::write(git.join("atk/push"), "").unwrap();
    fs::write(lock("main"), "").unwrap();
    sandbox.atk(&["list"]).succeeds();
    assert!(!lock("main").exists() && !git.join("atk/push").exists());
    assert!(lock("old").exists(), "it may belong to a git that runs");

    // Without a record no lock is ATK's to remove.
    fs::write(lock("main"), "").unwrap();
    sandbox.atk(&["list"]).succeeds();
    assert!(lock("main").exists());
    fs::remove_file(lock("main")).unwrap();

    // After a push there is no record.
    let added = sandbox.atk(&["add", "./mine", "--json"]).succeeds().json();
    assert_eq!(added["push"]["pushed"], true, "{added}");
    assert!(!git.join("atk/push").exists());
}

#[test]
fn a_protocol_that_the_user_forbids_is_forbidden_to_a_push_too() {
    let sandbox = home();
    let mut add = sandbox.command(&["add", "./mine", "--json"]);
    add.env("GIT_ALLOW_PROTOCOL", "https");
    let added = sandbox.spawn(add).wait().succeeds().json();
    assert_eq!(added["push"]["pushed"], false, "{added}");
    let reason = added["push"]["reason"].as_str().unwrap();
    assert!(reason.contains("transport 'file' not allowed"), "{reason}");
}
