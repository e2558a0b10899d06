//! The operations that are interrupted, and the homes they run in.

use std::fs;
use std::path::Path;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;

/// An operation in a home.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) prepare: fn() -> Sandbox,
    pub(crate) operation: &'static [&'static str],
    /// Exit codes that the operation may have when it is run again after it was interrupted.
    pub(crate) again: &'static [i32],
    /// Paths below the home that the operation may change or remove; everything else of the
    /// user's must stay as it is.
    pub(crate) may_change: &'static [&'static str],
    /// A file that a command of the plugin makes. It stays if the operation is rolled back: ATK
    /// does not undo what commands do.
    pub(crate) made: Option<&'static str>,
}

const ADDED: &[i32] = &[0, 5];
const REMOVED: &[i32] = &[0, 4];

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "init",
        prepare: without_home,
        operation: &["init"],
        again: &[0],
        may_change: &[],
        made: None,
    },
    Scenario {
        name: "add-registry",
        prepare: with_sources,
        operation: &["add", "-y", "echo", "--env", "TOKEN=t0ken"],
        again: ADDED,
        may_change: &["plugins/echo"],
        made: None,
    },
    Scenario {
        name: "add-registry-cached",
        prepare: with_cache,
        operation: &["add", "-y", "echo", "--env", "TOKEN=t0ken"],
        again: ADDED,
        may_change: &["plugins/echo"],
        made: None,
    },
    Scenario {
        name: "add-git",
        prepare: with_sources,
        operation: &["add", "-y", "URL/tool"],
        again: ADDED,
        may_change: &["plugins/tool"],
        made: None,
    },
    Scenario {
        name: "add-local",
        prepare: with_sources,
        operation: &["add", "-y", "./skill"],
        again: ADDED,
        may_change: &["plugins/skill"],
        made: None,
    },
    Scenario {
        name: "add-in-place",
        prepare: in_place,
        operation: &["add", "-y", "HOME/plugins/placed"],
        again: ADDED,
        may_change: &[],
        made: None,
    },
    Scenario {
        name: "add-failing-install",
        prepare: with_sources,
        operation: &["add", "-y", "broken"],
        again: &[6],
        may_change: &["plugins/broken"],
        made: None,
    },
    Scenario {
        name: "upgrade",
        prepare: with_newer,
        operation: &["upgrade", "-y", "echo"],
        again: &[0],
        may_change: PLUGIN_FILES,
        made: None,
    },
    Scenario {
        name: "upgrade-all",
        prepare: with_newer,
        operation: &["upgrade", "-y", "--all"],
        again: &[0],
        may_change: PLUGIN_FILES,
        made: None,
    },
    Scenario {
        name: "upgrade-without-receipt",
        prepare: unlisted,
        operation: &["upgrade", "-y", "echo"],
        again: &[0],
        may_change: PLUGIN_FILES,
        made: None,
    },
    Scenario {
        name: "remove",
        prepare: with_newer,
        operation: &["remove", "-y", "echo"],
        again: REMOVED,
        may_change: &["plugins/echo"],
        made: None,
    },
    Scenario {
        name: "uninstall-local-edited",
        prepare: edited_local,
        operation: &["uninstall", "-y", "mine"],
        again: REMOVED,
        may_change: &["plugins/mine"],
        made: Some("plugins/mine/stopped"),
    },
    Scenario {
        name: "install-clone",
        prepare: cloned,
        operation: &["install", "-y", "--all"],
        again: &[0],
        may_change: PLUGIN_FILES,
        made: None,
    },
    Scenario {
        name: "setup",
        prepare: with_newer,
        operation: &["setup", "-y", "echo", "--env", "TOKEN=new"],
        again: &[0],
        may_change: &["plugins/echo/.env"],
        made: None,
    },
    Scenario {
        name: "hooks-add-local",
        prepare: || hooked(with_sources()),
        operation: &["add", "-y", "./skill"],
        again: ADDED,
        may_change: &["plugins/skill"],
        made: None,
    },
    Scenario {
        name: "hooks-upgrade",
        prepare: || hooked(with_newer()),
        operation: &["upgrade", "-y", "echo"],
        again: &[0],
        may_change: PLUGIN_FILES,
        made: None,
    },
    Scenario {
        name: "hooks-uninstall-local-edited",
        prepare: || hooked(edited_local()),
        operation: &["uninstall", "-y", "mine"],
        again: REMOVED,
        may_change: &["plugins/mine"],
        made: Some("plugins/mine/stopped"),
    },
    Scenario {
        name: "worktree-add-local",
        prepare: || in_worktree(with_sources()),
        operation: &["add", "-y", "./skill"],
        again: ADDED,
        may_change: &["plugins/skill"],
        made: None,
    },
    Scenario {
        name: "worktree-add-registry",
        prepare: || in_worktree(with_sources()),
        operation: &["add", "-y", "echo", "--env", "TOKEN=t0ken"],
        again: ADDED,
        may_change: &["plugins/echo"],
        made: None,
    },
    Scenario {
        name: "worktree-upgrade",
        prepare: || in_worktree(with_newer()),
        operation: &["upgrade", "-y", "echo"],
        again: &[0],
        may_change: PLUGIN_FILES,
        made: None,
    },
    Scenario {
        name: "push-add-local",
        prepare: pushed,
        operation: &["add", "-y", "./skill"],
        again: ADDED,
        may_change: &["plugins/skill"],
        made: None,
    },
];

/// What an upgrade or an install of `echo` may change.
const PLUGIN_FILES: &[&str] = &[
    "plugins/echo/plugin.yaml",
    "plugins/echo/changes",
    "plugins/echo/goes",
    "plugins/echo/becomes",
    "plugins/echo/new",
    "plugins/echo/install.sh",
    "plugins/echo/made",
    "plugins/echo/.atk-ref",
];

fn without_home() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.files("work/next").definition("Next", "");
    sandbox
}

/// Where sources are, before any plugin is added.
fn sources() -> (Sandbox, Registry) {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let lifecycle = "maturity: verified\nlifecycle: {install: ./install.sh, uninstall: 'true'}\n\
                     env_vars: [{name: TOKEN}]\n";
    registry.plugin("echo", |files| {
        files
            .definition("Echo", lifecycle)
            .exec("install.sh", "#!/bin/sh\n[ -e made ] || echo 1 >made\n")
            .file("changes", "one\n")
            .file("goes/file", "goes\n")
            .file("becomes", "a directory\n")
    });
    registry.plugin("broken", |files| {
        files.definition(
            "Broken",
            "maturity: verified\nlifecycle: {install: 'touch made; exit 3', uninstall: 'true'}\n",
        )
    });
    registry.commit("One");
    sandbox.use_registry(&registry.file_url());
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files
            .definition("Tool", "")
            .exec("run.sh", "#!/bin/sh\n")
            .link("latest", "run.sh")
    });
    sandbox
        .files("work/skill")
        .definition(
            "Skill",
            "lifecycle: {install: touch made, uninstall: rm -f made}\n",
        )
        .file("docs/a", "a\n")
        .exec("run.sh", "#!/bin/sh\n");
    sandbox.files("work/next").definition("Next", "");
    sandbox
        .files("work/mine")
        .definition("Mine", "")
        .file("SKILL.md", "mine\n");
    sandbox.atk(&["add", "-y", "./mine"]).succeeds();
    sandbox
        .files("home/plugins/mine")
        .file("custom/notes", "notes\n")
        .file(".env", "SECRET='keep'\n");
    commit_all(&sandbox);
    (sandbox, registry)
}

fn commit_all(sandbox: &Sandbox) {
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "Mine"]);
}

fn with_sources() -> Sandbox {
    sources().0
}

fn with_cache() -> Sandbox {
    let sandbox = with_sources();
    let copy = sandbox.path("work/look");
    let copy = copy.to_str().expect("a path in UTF-8");
    sandbox.atk(&["fetch", "echo", copy]).succeeds();
    sandbox
}

fn in_place() -> Sandbox {
    let sandbox = with_sources();
    sandbox
        .files("home/plugins/placed")
        .definition(
            "Placed",
            "lifecycle: {install: 'true', uninstall: 'true'}\n",
        )
        .file("SKILL.md", "placed\n")
        .file("custom/notes", "mine\n")
        .file(".env", "A='b'\n");
    sandbox
}

/// `echo` is installed with edits, data and answers, and its registry has moved on.
fn with_newer() -> Sandbox {
    let (sandbox, mut registry) = sources();
    sandbox.atk(&["add", "-y", "echo"]).succeeds();
    sandbox
        .files("home/plugins/echo")
        .file("custom/notes", "mine\n")
        .file(".env", "# mine\nTOKEN='old'\n")
        .file("data/store", "precious\n")
        .file("changes", "edited\n");
    commit_all(&sandbox);
    registry.plugin("echo", |files| {
        files
            .remove("goes")
            .remove("becomes")
            .file("changes", "two\n")
            .file("becomes/one", "inside\n")
            .exec("new", "#!/bin/sh\n")
    });
    registry.commit("Two");
    sandbox
}

fn unlisted() -> Sandbox {
    let sandbox = with_newer();
    let receipts = sandbox.home().join(".git/atk/receipts");
    fs::remove_dir_all(receipts).expect("remove the receipts");
    sandbox
}

fn edited_local() -> Sandbox {
    let sandbox = with_sources();
    sandbox
        .files("home/plugins/mine")
        .definition("Mine", "lifecycle: {stop: touch stopped}\n")
        .file("SKILL.md", "edited\n")
        .file("custom/more", "more\n");
    sandbox
}

/// The home on a new machine.
fn cloned() -> Sandbox {
    let sandbox = with_newer();
    let old = sandbox.path("repos/old-machine");
    fs::rename(sandbox.home(), &old).expect("move the home");
    run_git(&sandbox, &["clone", "-q"], &[&old, &sandbox.home()]);
    sandbox
        .files("home/plugins/mine")
        .file(".env", "SECRET='keep'\n");
    sandbox
}

/// Commits of this home are made by the git program, because of a hook that takes a moment.
fn hooked(sandbox: Sandbox) -> Sandbox {
    sandbox
        .files("home/.git/hooks")
        .exec("pre-commit", "#!/bin/sh\nsleep 0.02\n")
        .exec("post-commit", "#!/bin/sh\nsleep 0.02\n");
    sandbox
}

/// The home becomes a worktree of a repository elsewhere.
fn in_worktree(sandbox: Sandbox) -> Sandbox {
    let main = sandbox.path("work/main-repository");
    let keep = sandbox.path("work/keep");
    fs::rename(sandbox.home(), &main).expect("move the home");
    run_git(
        &sandbox,
        &["-C", &main.to_string_lossy(), "checkout", "-q", "--detach"],
        &[],
    );
    run_git(
        &sandbox,
        &["-C", &main.to_string_lossy(), "worktree", "add", "-q"],
        &[&sandbox.home(), Path::new("main")],
    );
    let _ = keep;
    // What git does not track moves along: `.env`, stamps, the files of registry plugins.
    let status = std::process::Command::new("cp")
        .arg("-an")
        .arg(main.join("plugins"))
        .arg(sandbox.home())
        .status();
    assert!(status.expect("run cp").success());
    sandbox.atk(&["list"]).succeeds();
    sandbox
}

/// The home pushes each commit to a repository beside it.
fn pushed() -> Sandbox {
    let sandbox = with_sources();
    let remote = sandbox.path("work/remote");
    run_git(&sandbox, &["init", "-q", "--bare"], &[&remote]);
    sandbox.git(&["remote", "add", "origin", &remote.to_string_lossy()]);
    sandbox.git(&["push", "-q", "-u", "origin", "HEAD"]);
    let manifest = sandbox.read("manifest.yaml");
    fs::write(
        sandbox.home().join("manifest.yaml"),
        manifest.replace("auto_push: false", "auto_push: true"),
    )
    .expect("write the manifest");
    commit_all(&sandbox);
    sandbox.git(&["push", "-q"]);
    sandbox
}

fn run_git(sandbox: &Sandbox, args: &[&str], paths: &[&Path]) {
    let mut git = sandbox.program("git");
    git.args(args).args(paths);
    sandbox.spawn(git).wait().succeeds();
}
