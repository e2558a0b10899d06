//! A home on a new machine: `init` with a URL, and `bootstrap`.

use std::fs;

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

/// A machine whose home is pushed to a served repository `home`, with a plugin of `tool`.
fn published() -> (Sandbox, GitServer) {
    let sandbox = Sandbox::with_home();
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files
            .definition(
                "Tool",
                "env_vars: [{name: TOKEN, required: true, secret: true}]\n\
                 lifecycle: {install: 'echo $TOKEN > made', uninstall: rm -f made}\n",
            )
            .file("data", "one\n")
    });
    let server = GitServer::start(sandbox.repos());
    sandbox
        .atk(&["add", &server.url("tool"), "-y", "--env", "TOKEN=first"])
        .succeeds();
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    let bare = sandbox.repos().join("home");
    let mut git = sandbox.program("git");
    git.args(["clone", "-q", "--bare"])
        .arg(sandbox.home())
        .arg(&bare);
    sandbox.spawn(git).wait().succeeds();
    (sandbox, server)
}

fn names(sandbox: &Sandbox, directory: &str) -> Vec<String> {
    let entries = fs::read_dir(sandbox.path(directory)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_home_is_cloned_and_its_plugins_are_installed_in_one_call() {
    let (sandbox, server) = published();
    let url = server.url("home");
    let elsewhere = sandbox.path("elsewhere");
    let elsewhere = elsewhere.to_str().unwrap();
    let words = [
        "--home",
        elsewhere,
        "bootstrap",
        &url,
        "-y",
        "--env",
        "TOKEN=second",
        "--json",
    ];
    let report = sandbox.atk(&words).succeeds().json();
    assert_eq!(report["cloned"], true);
    assert_eq!(report["plugins"][0]["result"], "done");
    assert_eq!(report["plugins"][1]["result"], "done");
    let made = sandbox.path("elsewhere/plugins/tool/made");
    assert_eq!(fs::read_to_string(made).unwrap(), "second\n");
    let log = |home: &str| {
        let mut git = sandbox.program("git");
        git.args(["-C", home, "rev-parse", "HEAD"]);
        sandbox.spawn(git).wait().succeeds().stdout
    };
    let home = sandbox.home();
    assert_eq!(
        log(elsewhere),
        log(home.to_str().unwrap()),
        "with its history"
    );

    // Again: nothing is cloned, nothing is asked.
    let again = ["--home", elsewhere, "bootstrap", &url, "--json"];
    let report = sandbox.atk(&again).succeeds().json();
    assert_eq!(report["cloned"], false);
    let report = sandbox
        .atk(&["--home", elsewhere, "bootstrap", "--json"])
        .succeeds()
        .json();
    assert_eq!(report["plugins"].as_array().unwrap().len(), 2);
    // Another repository is not what is there.
    let other = server.url("tool");
    let refused = sandbox
        .atk(&["--home", elsewhere, "bootstrap", &other])
        .fails(1);
    assert!(refused.stderr.contains("cloned from"), "{}", refused.stderr);
}

#[test]
fn a_repository_that_is_cloned_is_not_called_a_plugin() {
    let (sandbox, server) = published();
    let bare = sandbox.repos().join("home");
    for (home, source) in [
        ("a", bare.to_str().unwrap()),
        ("b", server.url("home").as_str()),
    ] {
        let words = [
            "--home",
            home,
            "bootstrap",
            source,
            "-y",
            "--env",
            "TOKEN=x",
        ];
        let said = sandbox.atk(&words).succeeds().stderr;
        assert!(!said.contains("Using"), "{said}");
    }
}

#[test]
fn a_plugin_without_its_variables_fails_and_the_others_are_installed() {
    let (sandbox, server) = published();
    let elsewhere = sandbox.path("elsewhere");
    let elsewhere = elsewhere.to_str().unwrap();
    let url = server.url("home");
    let words = ["--home", elsewhere, "bootstrap", &url, "-y", "--json"];
    let report = sandbox.atk(&words).fails(1).json();
    assert_eq!(report["plugins"][0]["error"]["code"], "variables_unset");
    assert_eq!(report["plugins"][1]["result"], "done");
    let words = ["--home", elsewhere, "bootstrap", "--env", "TOKEN=later"];
    sandbox.atk(&words).succeeds();
}

#[test]
fn a_plugin_without_answers_gets_the_defaults_that_it_had_elsewhere() {
    let (mut sandbox, server) = published();
    let modes = "env_vars:\n- {name: MODE, default: fast}\n- {name: OUTSIDE, default: no}\n- {name: NONE}\n\
                 lifecycle: {install: 'echo $MODE $OUTSIDE > made', uninstall: rm -f made}\n";
    sandbox.files("work/moded").definition("Moded", modes);
    sandbox.atk(&["add", "./moded"]).succeeds();
    assert_eq!(sandbox.read("plugins/moded/made"), "fast no\n");
    let there = sandbox.path("there").display().to_string();
    let home = sandbox.home().display().to_string();
    sandbox.set("OUTSIDE", "yes");
    let words = [
        "--home",
        &there,
        "bootstrap",
        &home,
        "-y",
        "--env",
        "TOKEN=t",
    ];
    sandbox.atk(&words).succeeds();
    let read = |name: &str| fs::read_to_string(sandbox.path("there/plugins/moded").join(name));
    assert_eq!(read("made").unwrap(), "fast yes\n");
    // What is set outside counts, and is not written down.
    assert_eq!(read(".env").unwrap(), "MODE=fast\n");

    // What the user took out of the file stays out.
    fs::write(sandbox.path("there/plugins/moded/.env"), "NONE=1\n").unwrap();
    sandbox.atk(&["--home", &there, "bootstrap"]).succeeds();
    assert_eq!(read("made").unwrap(), "yes\n");
    assert_eq!(read(".env").unwrap(), "NONE=1\n");
    let _ = server;
}

#[test]
fn init_with_a_url_clones_and_runs_nothing() {
    let (sandbox, server) = published();
    let url = server.url("home");
    let home = sandbox.path("clone");
    fs::create_dir(&home).unwrap();
    let made = sandbox
        .atk(&["init", &url, "../clone", "--json"])
        .succeeds()
        .json();
    assert_eq!(made["created"], true);
    assert_eq!(made["cloned_from"], url.as_str());
    assert!(home.join("manifest.yaml").exists());
    assert!(!home.join("plugins/tool").exists());
    let made = sandbox
        .atk(&["init", &url, "../clone", "--json"])
        .succeeds()
        .json();
    assert_eq!(made["created"], false);
    assert!(made["cloned_from"].is_null());
    // Nothing is trusted: a status command would not run.
    assert!(!home.join(".git/atk/trusted").exists());
    sandbox.atk(&["init", "--adopt", &url, "../other"]).fails(2);
    sandbox.atk(&["init", "one", "two"]).fails(2);
}

#[test]
fn what_is_no_home_leaves_nothing_behind() {
    let (sandbox, server) = published();
    // The home was pushed to another branch than the one that the repository shows.
    let bare = sandbox.repos().join("hidden");
    let mut git = sandbox.program("git");
    git.args(["clone", "-q", "--bare"]);
    git.arg(sandbox.repos().join("home")).arg(&bare);
    sandbox.spawn(git).wait().succeeds();
    let mut git = sandbox.program("git");
    git.arg("-C").arg(&bare);
    git.args(["symbolic-ref", "HEAD", "refs/heads/other"]);
    sandbox.spawn(git).wait().succeeds();
    let before = names(&sandbox, "");
    for (url, code, text) in [
        (server.url("tool"), 5, "is not a home"),
        (server.url("hidden"), 5, "on its default branch, `other`"),
        (server.url("nothing"), 7, "there is no git repository"),
        (
            "https://user:secret@example.com/x".to_owned(),
            5,
            "credentials",
        ),
        ("ext::sh -c touch% evil".to_owned(), 5, ""),
    ] {
        let elsewhere = sandbox.path("elsewhere");
        let words = [
            "--home",
            elsewhere.to_str().unwrap(),
            "bootstrap",
            &url,
            "-y",
        ];
        let refused = sandbox.atk(&words).fails(code);
        assert!(refused.stderr.contains(text), "{url}: {}", refused.stderr);
        assert_eq!(names(&sandbox, ""), before, "{url}");
    }
    let occupied = sandbox.path("occupied");
    fs::create_dir(&occupied).unwrap();
    fs::write(occupied.join("file"), "mine").unwrap();
    let words = [
        "--home",
        occupied.to_str().unwrap(),
        "bootstrap",
        &server.url("home"),
        "-y",
    ];
    let refused = sandbox.atk(&words).fails(1);
    assert!(
        refused.stderr.contains("is not empty"),
        "{}",
        refused.stderr
    );
    assert_eq!(names(&sandbox, "occupied"), ["file"]);
    let refused = sandbox
        .atk(&[
            "--home",
            sandbox.path("none").to_str().unwrap(),
            "bootstrap",
        ])
        .fails(3);
    assert!(
        refused.stderr.contains("give the URL"),
        "{}",
        refused.stderr
    );
}

/// Whichever operation brings a plugin to a machine: its commands get the same values.
#[test]
fn defaults_are_written_by_add_setup_install_and_bootstrap_alike() {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition(
            "Tool",
            "env_vars: [{name: HOST, default: localhost}, {name: MODE, required: true, default: fast}, {name: NOTE}]\n",
        )
    });
    sandbox
        .atk(&["add", &tool.file_url(), "-y", "--env", "HOST=h"])
        .succeeds();
    let expected = "HOST=h\nMODE=fast\n";
    assert_eq!(sandbox.read("plugins/tool/.env"), expected);
    for operation in ["install", "setup", "bootstrap"] {
        for name in ["tool", "--all"] {
            let home = format!("{operation}{name}");
            let mut git = sandbox.program("git");
            git.args(["clone", "-q"])
                .arg(sandbox.home())
                .arg(sandbox.path(&home));
            sandbox.spawn(git).wait().succeeds();
            let home = sandbox.path(&home);
            let place = home.to_str().unwrap();
            let mut words = vec!["--home", place, operation, name, "-y", "--env", "HOST=h"];
            if operation == "bootstrap" {
                words.remove(3);
            }
            sandbox.atk(&words).succeeds();
            let written = fs::read_to_string(home.join("plugins/tool/.env")).unwrap();
            assert_eq!(written, expected, "{operation} {name}");
        }
    }
    // An answer that was given stays, and one that was taken back does not return.
    fs::write(sandbox.home().join("plugins/tool/.env"), "MODE=slow\n").unwrap();
    sandbox.atk(&["install", "tool"]).succeeds();
    assert_eq!(sandbox.read("plugins/tool/.env"), "MODE=slow\n");
}
