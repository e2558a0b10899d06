//! Homes and machines that are not as usual: no `HOME`, a home that is mounted read-only, a manifest
//! that was cut off, a directory without a repository, a cache of another user.

use std::fs;
use std::process::Command;

use atk_core::{ErrorKind, Home, Options};
use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;

/// A home with a local plugin and one of a repository that has moved on.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_home();
    let mcp = "mcp: {transport: stdio, command: serve}\n";
    sandbox.files("work/mine").definition("Mine", mcp);
    sandbox.atk(&["add", "./mine"]).succeeds();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    sandbox.atk(&["add", "-y", &url(&sandbox)]).succeeds();
    tool.tree(".atk").file("new.txt", "new\n");
    tool.commit("Move on");
    sandbox
}

fn url(sandbox: &Sandbox) -> String {
    format!("file://{}", sandbox.repos().join("tool").display())
}

#[test]
fn a_blank_registry_is_refused_when_a_home_is_opened() {
    let sandbox = home();
    for registry in ["", " \n"] {
        let mut options = Options::new(sandbox.path("cache"));
        options.registry = registry.to_owned();
        let error = Home::open(sandbox.home(), options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.to_string(), "the registry must not be blank");
        assert!(error.details().help.is_some(), "{error:?}");
    }
    let said = sandbox.atk(&["list", "--registry", " "]).fails(2).stderr;
    assert!(said.contains("the registry must not be blank"), "{said}");
    // A variable that is set to nothing counts as not set.
    let mut sandbox = sandbox;
    sandbox.set("ATK_REGISTRY_URL", "");
    sandbox.atk(&["list"]).succeeds();
}

#[test]
fn without_a_home_directory_of_a_user_all_works_that_needs_none() {
    let mut sandbox = home();
    for name in ["HOME", "XDG_CACHE_HOME", "ATK_CACHE_DIR"] {
        sandbox.unset(name);
    }
    let place = sandbox.home().display().to_string();
    for args in [
        &["list"][..],
        &["status"],
        &["mcp", "mine"],
        &["remove", "mine", "--force"],
    ] {
        sandbox
            .atk(&[args, &["--home", &place]].concat())
            .succeeds();
    }
    let new = sandbox.path("new").display().to_string();
    sandbox.atk(&["init", &new]).succeeds();
    let fetches = ["upgrade", "tool", "--home", &place];
    let said = sandbox.atk(&fetches).fails(2).stderr;
    assert!(said.contains("`ATK_CACHE_DIR`"), "{said}");
    sandbox.set("ATK_CACHE_DIR", sandbox.path("elsewhere"));
    sandbox.atk(&[&fetches[..], &["-y"]].concat()).succeeds();
    sandbox.unset("ATK_HOME");
    let said = sandbox.atk(&["list"]).fails(2).stderr;
    assert!(
        said.contains("`HOME`") && said.contains("`ATK_HOME`"),
        "{said}"
    );
}

/// Runs a command with the home mounted read-only; None if this machine does not let us.
fn read_only(sandbox: &Sandbox, args: &[&str]) -> Option<std::process::Output> {
    let may_mount = Command::new("unshare").args(["-m", "true"]).status();
    if !may_mount.is_ok_and(|status| status.success()) {
        return None;
    }
    let script = r#"mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 77
        shift; exec "$@""#;
    let atk = sandbox.command(args);
    let mut command = sandbox.program("unshare");
    command
        .args(["-m", "sh", "-c", script, "sh"])
        .arg(sandbox.home())
        .arg(atk.get_program())
        .args(atk.get_args());
    Some(command.output().unwrap())
}

#[test]
fn a_read_only_home_can_be_read_and_planned_for() {
    let sandbox = home();
    for (args, wanted) in [
        (&["upgrade", "--all", "--dry-run"][..], "new.txt"),
        (&["upgrade", "tool", "--dry-run", "--json"], "new.txt"),
        (&["list"], "Tool"),
        (&["status"], "Mine"),
        (&["mcp", "mine"], "serve"),
    ] {
        let Some(output) = read_only(&sandbox, args) else {
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let text = said + &String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && text.contains(wanted),
            "{args:?}: {text}"
        );
    }
    let refused = read_only(&sandbox, &["upgrade", "tool", "-y"]).unwrap();
    assert!(!refused.status.success());
    // An interrupted operation that cannot be undone now does not stop readers.
    let transaction = sandbox.home().join(".git/atk/transaction");
    fs::create_dir_all(&transaction).unwrap();
    let lines = concat!(
        r#"{"version":1,"operation":"add","plugin":"xx","pid":1}"#,
        "\n",
        r#"{"batch":1,"left":0,"make_dir":{"path":"plugins/xx"}}"#,
        "\n",
    );
    fs::write(transaction.join("journal"), lines).unwrap();
    for args in [
        &["list"][..],
        &["status"],
        &["upgrade", "--all", "--dry-run"],
    ] {
        let output = read_only(&sandbox, args).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
    }
    sandbox.atk(&["list"]).succeeds();
    assert!(!transaction.exists());
}

#[test]
fn a_manifest_that_was_cut_off_names_the_command_that_restores_it() {
    let sandbox = home();
    let whole = sandbox.read("manifest.yaml");
    let cuts = [
        "",
        "\n",
        "schema_ver",
        "plugins:\n- name: [",
        "\0\0\0\0",
        &whole[..whole.len() - 60],
    ];
    for cut in cuts {
        fs::write(sandbox.home().join("manifest.yaml"), cut).unwrap();
        let restore = format!(
            "git -C {} checkout HEAD -- manifest.yaml",
            sandbox.home().display()
        );
        for args in [
            &["list"][..],
            &["status"],
            &["add", "./mine"],
            &["upgrade", "--all"],
        ] {
            let said = sandbox.atk(args).fails(1).stderr;
            assert!(said.contains(&restore), "{cut:?}: {args:?}: {said}");
        }
        let mut command = sandbox.program("sh");
        command.args(["-c", &restore]);
        sandbox.spawn(command).wait().succeeds();
        assert_eq!(sandbox.read("manifest.yaml"), whole);
        sandbox.atk(&["list"]).succeeds();
    }
}

#[test]
fn a_home_without_its_repository_says_how_to_make_one() {
    let sandbox = home();
    let git = sandbox.home().join(".git");
    for way in ["git init", "atk init --adopt"] {
        fs::remove_dir_all(&git).unwrap();
        for args in [
            &["list"][..],
            &["status"],
            &["add", "./mine"],
            &["mcp", "mine"],
            &["upgrade", "--all"],
            &["remove", "mine", "--force"],
            &["init"],
        ] {
            let said = sandbox.atk(args).fails(3).stderr;
            assert!(said.contains(way), "{args:?}: {said}");
            assert!(!said.contains("create it with"), "{said}");
        }
        assert!(!git.exists());
        if way == "git init" {
            sandbox.git(&["init", "-q"]);
        } else {
            sandbox.atk(&["init", "--adopt"]).succeeds();
            let tracked = sandbox.git(&["ls-files"]);
            assert!(tracked.contains("plugins/mine/plugin.yaml"), "{tracked}");
            assert!(!tracked.contains("plugins/tool/plugin.yaml"), "{tracked}");
            assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
        }
        sandbox.atk(&["list"]).succeeds();
    }
    sandbox.atk(&["remove", "mine", "--force"]).succeeds();
}

#[test]
fn a_cache_that_cannot_be_written_costs_a_warning() {
    let mut sandbox = home();
    fs::write(sandbox.path("file"), "").unwrap();
    sandbox.set("ATK_CACHE_DIR", sandbox.path("file/cache"));
    let said = sandbox.atk(&["upgrade", "tool", "-y"]).succeeds().stderr;
    assert!(said.contains("cannot be used"), "{said}");
    assert_eq!(sandbox.read("plugins/tool/new.txt"), "new\n");
}

#[test]
fn a_home_in_the_middle_of_a_merge_or_rebase_is_left_alone() {
    let sandbox = home();
    let mark = |name: &str| sandbox.home().join(".git").join(name);
    for (name, operation) in [
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("rebase-merge/head-name", "rebase"),
        ("rebase-apply/next", "rebase"),
    ] {
        fs::create_dir_all(mark(name).parent().unwrap()).unwrap();
        fs::write(mark(name), sandbox.git(&["rev-parse", "HEAD"])).unwrap();
        sandbox.files("work/next").definition("Next", "");
        let before = sandbox.snapshot();
        for args in [
            &["add", "./next"][..],
            &["upgrade", "tool", "-y"],
            &["remove", "mine", "--force"],
        ] {
            let said = sandbox.atk(args).fails(7).stderr;
            assert!(said.contains(operation), "{args:?}: {said}");
        }
        before.assert_unchanged();
        sandbox.atk(&["list"]).succeeds();
        match name.split_once('/') {
            Some((dir, _)) => fs::remove_dir_all(mark(dir)).unwrap(),
            None => fs::remove_file(mark(name)).unwrap(),
        }
    }
    sandbox.atk(&["add", "./next"]).succeeds();
}
